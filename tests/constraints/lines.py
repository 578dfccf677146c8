"""What the database refuses, one line a constraint: how whoever meets it is told, or why nobody meets it.

tests/constraints/test_lines.py demands a line of each, and test_met.py has each form that can meet one do so.
"""

from dataclasses import dataclass

FORM = "the form says so before the database does"
FOUND = "the act looks for the row, or makes it, under a lock or in one statement: whoever comes second has that row"
NEVER = "no act of a person's leads there"


@dataclass(frozen=True)
class Line:
    how: str
    why: str = ""


def _found(why: str) -> Line:
    return Line(FOUND, why)


def _never(why: str) -> Line:
    return Line(NEVER, why)


_FORM = Line(FORM)

# Who did it and when are set in one statement by the model's own act, from the request. No form has either.
BY_RULE = "_who_and_when"

LINES = {
    # The letter
    "welcome.LetterText.letter_text_once_a_language": _FORM,
    "welcome.Letter.welcome_letter_is_sent_once": _found("a letter is sent under the lock of its participation"),
    "welcome.CohortLetters.number": _never("a view of the cohort, which nobody makes or changes there"),
    "welcome.Sending.token": _found("the page's own token: pressed twice, the second press is led to the sending"),
    "welcome.LetterCopy.one_copy_of_a_sending_an_office": _found("made with the sending, one an office"),
    "welcome.SendingItem.participation_once_in_a_sending": _found("made with the sending, one a municipality"),
    "welcome.SendingItem.sending_item_has_a_letter_or_an_error": _never("a worker sets both in one statement"),
    # Changes
    "changes.Succession.a_succession_is_carried_out_or_called_off": _found("both look under the lock of the row"),
    "changes.Succession.a_succession_is_about_one_function": _never("each of the four pages names its own function"),
    "changes.Succession.one_coming_succession_of_a_contact": _FORM,
    "changes.Succession.one_coming_succession_of_a_member": _FORM,
    "changes.Succession.one_coming_succession_of_a_leader": _FORM,
    "changes.Succession.one_coming_succession_of_a_staff": _FORM,
    # Staff's first page
    "desk.MessageRead.confirmation": _found("get_or_create"),
    # Reminders that are off
    "mailcalendar.MailPause.mailpause_is_of_one_place": _never(
        "one field chooses the place, a pulje or a municipality"
    ),
    "mailcalendar.MailPause.mailpause_ends_after_it_begins": _FORM,
    # Written mails
    "writing.Recipient.written_to_once": _found("who is chosen already is left out"),
    "writing.Recipient.a_recipient_that_waits_has_neither_mail_nor_reason": _never("set in one statement, by a worker"),
    "writing.Recipient.who_is_left_out_has_no_mail": _never("a mail is written to those alone who are not left out"),
    # Seeing as another
    "seeing.Viewing.one_sees_as_one_person_at_a_time": _FORM,
    "seeing.Viewing.nobody_sees_as_themselves": _FORM,
    "seeing.Viewing.viewing_has_a_reason": _FORM,
    "seeing.Viewing.viewing_ended_when_and_how": _never("both are set by the model's `end`"),
    "seeing.Viewing.viewing_ends_after_it_began": _never("its end is reckoned from its beginning"),
    "seeing.ViewedPage.a_viewed_page_is_named_once": _found("stored with ignore_conflicts"),
    # Colleagues
    "colleagues.Resignation.a_resignation_is_carried_out_or_called_off": _found("both look under the lock of the row"),
    "colleagues.Resignation.nobody_takes_over_from_themselves": _FORM,
    "colleagues.Resignation.one_coming_resignation_of_a_person": _FORM,
    # Documents and news
    "sharing.Publication.a_publication_is_for_a_county_or_a_gathering": _FORM,
    "sharing.Publication.only_what_is_published_is_taken_back": _found("what is a draft is led to its own page"),
    "sharing.Publication.token": _FORM,
    "sharing.Reading.opened_once": _found("looked for first; in two tabs at once the second is let go"),
    "sharing.Reading.downloaded_once": _found("looked for first; in two tabs at once the second is let go"),
    "sharing.Announcement.key": _found("get_or_create"),
    # Gatherings
    "gatherings.AlsoFor.comes_once_for_a_unit": _found("under the gathering's lock, what is there is left"),
    "gatherings.AlsoFor.comes_once_for_a_municipality": _found("under the gathering's lock, what is there is left"),
    "gatherings.Gathering.one_gathering_a_semester": _FORM,
    "gatherings.Gathering.a_gathering_has_a_semester": _FORM,
    "gatherings.Gathering.a_gathering_ends_after_it_starts": _FORM,
    "gatherings.Gathering.a_settled_gathering_has_a_date": _FORM,
    "gatherings.Gathering.registration_closes_after_it_opens": _FORM,
    "gatherings.Gathering.registration_closes_before_it_starts": _FORM,
    "gatherings.Registration.registered_once_at_a_gathering": _FORM,
    "gatherings.Registration.an_offer_has_an_end": _never("both are set by the model's `offer`"),
    "gatherings.Registration.only_an_offer_expires": _never("a worker lets offers expire, under the gathering's lock"),
    "gatherings.Registration.a_decision_on_reimbursement_has_a_reason": _FORM,
    "gatherings.Registration.a_withdrawal_cancels_a_registration": _never("both are set by the withdrawal"),
    "gatherings.Attendance.attended_once_a_day": _found("get_or_create"),
    "gatherings.Answered.evaluated_once": _FORM,
    "gatherings.Feed.user": _found("update_or_create"),
    "gatherings.Feed.digest": _never("of a secret of 256 random bits"),
    "gatherings.Needs.registration": _FORM,
    "gatherings.NobodyComes.answered_once_for_a_unit": _FORM,
    "gatherings.NobodyComes.answered_once_for_a_municipality": _found(
        "under the gathering's lock, what is there is left"
    ),
    # Guidance
    "guidance.Supervisor.user": _FORM,
    "guidance.Capacity.capacity_once_in_a_cohort": _found("bulk_create with update_conflicts"),
    "guidance.Leave.a_leave_ends_after_it_begins": _FORM,
    "guidance.ProjectLeader.user": _FORM,
    "guidance.GuidanceGroup.participation": _found("get_or_create"),
    "guidance.GroupMember.supervisor_once_in_a_group": _FORM,
    "guidance.GroupMember.one_leads_a_group": _found("who leads is set for the whole group, under its lock"),
    "guidance.Handover.ended": _found("a membership ends once, under the group's lock"),
    "guidance.Departure.member": _found("a membership ends once, under the group's lock"),
    "guidance.Composition.one_open_composition_in_a_cohort": _FORM,
    "guidance.ProposedSeat.proposed_once_in_a_group": _found(
        "the seats of a municipality are set together, under a lock"
    ),
    "guidance.ProposedSeat.one_is_proposed_to_lead": _found(
        "the seats of a municipality are set together, under a lock"
    ),
    "guidance.GuidanceSession.only_a_log_sent_in_is_withdrawn": _never(
        "a page of a log that is sent in alone leads there"
    ),
    "guidance.GuidanceSession.a_cancelled_session_has_no_log": _found("looked at under the session's lock"),
    "guidance.GuidanceSession.a_withdrawal_cancels_a_session": _never("both are set by the withdrawal"),
    "guidance.GuidanceSession.token": _FORM,
    "guidance.SessionChange.one_change_of_a_version": _found("counted under the session's lock"),
    "guidance.Measure.measure_ends_in_one_way": _found("looked at under the measure's lock"),
    "guidance.Measure.a_withdrawal_stops_a_measure": _never("both are set by the withdrawal"),
    "guidance.Measure.measure_ends_after_it_starts": _FORM,
    "guidance.Measure.token": _FORM,
    "guidance.PulseAnswered.pulse_answered_once": _FORM,
    # Municipalities and their people
    "participants.CountyGovernor.organisation_number": _never(
        "offices come with the release; nobody adds or changes one"
    ),
    "participants.GovernorContact.governor_contact_once_at_a_time": _FORM,
    "participants.County.number": _never("counties come with the release; nobody adds or changes one"),
    "participants.Municipality.number": _never("municipalities come with the release; nobody adds one or its number"),
    "participants.Cohort.number": _FORM,
    "participants.CohortUpload.one_upload_of_each_kind": _found("update_or_create"),
    "participants.Participation.municipality_once_in_a_cohort": _FORM,
    "participants.Participation.a_municipality_says_yes_or_no": _found("looked at under the participation's lock"),
    "participants.Participation.political_level_informed_names_the_body": _FORM,
    "participants.Confirmation.confirmation_round_once": _found("counted under the participation's lock"),
    "participants.Confirmation.one_open_confirmation_at_a_time": _found("the open round is given as it is"),
    "participants.Draft.one_draft_a_person": _found("update_or_create, under the participation's lock"),
    "participants.Unit.unit_once_in_a_participation": _FORM,
    "participants.Unit.sfo_once_in_a_participation": _FORM,
    "participants.Unit.merged_unit_is_closed": _never("both are set by the merging"),
    "participants.Contact.contact_once_in_a_unit": _FORM,
    "participants.Contact.contact_once_in_a_municipality": _FORM,
    "participants.Contact.only_a_head_is_for_one_unit": _FORM,
    "participants.Contact.a_head_has_a_unit": _FORM,
    "participants.CorrectionRequest.one_open_request_at_a_time": _found(
        "whoever asks a second time is shown the first"
    ),
    "participants.ProjectGroup.unit": _found("get_or_create"),
    "participants.UnitClosure.a_unit_is_closed_once": _FORM,
    "participants.Withdrawal.withdrawn_once_at_a_time": _FORM,
    "participants.Withdrawal.a_return_has_a_day_and_a_reason": _never(
        "set in one statement by the return, whose form asks"
    ),
    # Accounts
    "accounts.User.user_email_is_lower_case": _FORM,
    "accounts.User.email": _FORM,
    "accounts.User.a_merged_person_cannot_sign_in": _never("no form has whether a person may sign in"),
    # Mails
    "outbox.Message.message_sent_or_given_up": _never("one worker at a time has a mail, and it does one of them"),
    "outbox.Message.message_returned_was_sent": _never("a worker takes a mail that came back, which has been sent"),
    "outbox.Message.message_claim_has_an_end": _never("set in one statement, by a worker"),
    "outbox.Message.message_resend_has_a_reason": _FORM,
    "outbox.Message.message_handled_has_a_note": _FORM,
    "outbox.Message.key": _found("the mail with the key is found and given"),
    "outbox.Message.message_id": _never("random"),
    "outbox.FurtherRecipient.recipient_once_a_message": _never("made with the mail, one an address"),
    "outbox.Wording.wording_once_a_language": _found(
        "update_or_create: the address names the wording and the language"
    ),
    "outbox.ReturnedMail.digest": _found("a mail that is read twice is taken once"),
    "outbox.DeadAddress.address": _found("get_or_create"),
}

# What may not be deleted while something refers to it, by the table that is referred to: which acts delete its rows.
_NO_ACT = "nobody deletes one: it is ended, taken back or closed, and stays"
PROTECTED = {
    "accounts.User": "erased after their time or when they ask, with what refers to them; else they stay",
    "contenttypes.ContentType": "made and deleted by migrations alone",
    "gatherings.Gathering": _NO_ACT,
    "gatherings.Registration": "erased after its time, with what refers to it",
    "guidance.Composition": _NO_ACT,
    "guidance.GroupMember": _NO_ACT,
    "guidance.GuidanceGroup": _NO_ACT,
    "guidance.GuidanceSession": _NO_ACT,
    "guidance.Supervisor": _NO_ACT,
    "outbox.Message": _NO_ACT,
    "participants.Cohort": _NO_ACT,
    "participants.Confirmation": _NO_ACT,
    "participants.County": _NO_ACT,
    "participants.CountyGovernor": _NO_ACT,
    "participants.Municipality": _NO_ACT,
    "participants.Participation": _NO_ACT,
    "participants.ProjectGroup": _NO_ACT,
    "participants.Unit": _NO_ACT,
    "participants.Withdrawal": _NO_ACT,
    "sharing.FileVersion": _NO_ACT,
    "sharing.Publication": _NO_ACT,
    "sharing.SharedFile": _NO_ACT,
    "welcome.Letter": _NO_ACT,
    "welcome.LetterCopy": _NO_ACT,
    "welcome.Sending": _NO_ACT,
    "writing.Writing": "erased after its time, with its recipients",
}
