"""The mails of the guidance: what they say, to whom they go, and when."""
