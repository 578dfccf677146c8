"""The mails of the gatherings: receipts follow at once from what somebody did, reminders are planned."""
