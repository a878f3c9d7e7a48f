"""One file per table. Import models from here."""

from app.storage.models.absence import Absence
from app.storage.models.account import Account, AccountLine, AccountRole
from app.storage.models.api_token import ApiToken
from app.storage.models.attempt import Attempt
from app.storage.models.audit_entry import AuditEntry
from app.storage.models.audit_head import AuditHead
from app.storage.models.call import Call
from app.storage.models.call_dealt_with import CallDealtWith
from app.storage.models.call_event import CallEvent
from app.storage.models.callback_attempt import CallbackAttempt
from app.storage.models.callback_request import CallbackRequest
from app.storage.models.case import Case
from app.storage.models.case_event import CaseEvent
from app.storage.models.case_hand_over import CaseHandOver
from app.storage.models.consultation import Consultation
from app.storage.models.consultation_change import ConsultationChange
from app.storage.models.consultation_note import ConsultationNote
from app.storage.models.consultation_tag import ConsultationTag
from app.storage.models.cover import Cover
from app.storage.models.data_export import DataExport
from app.storage.models.dated_hours import DatedHours
from app.storage.models.destruction import Destruction
from app.storage.models.dirty_day import DirtyDay
from app.storage.models.earlier_figure import EarlierFigure
from app.storage.models.follow_up import FollowUp
from app.storage.models.follow_up_event import FollowUpEvent
from app.storage.models.job_lease import JobLease
from app.storage.models.job_occurrence import JobOccurrence
from app.storage.models.observation import Observation
from app.storage.models.outgoing_mail import OutgoingMail
from app.storage.models.passkey import Passkey
from app.storage.models.pause import Pause
from app.storage.models.population import Population
from app.storage.models.published_year import PublishedYear
from app.storage.models.recovery_code import RecoveryCode
from app.storage.models.reference_guesses import ReferenceGuesses
from app.storage.models.referral import Referral
from app.storage.models.register_counter import RegisterCounter
from app.storage.models.register_entry import RegisterEntry
from app.storage.models.retention_decision import RetentionDecision
from app.storage.models.retention_tally import RetentionTally
from app.storage.models.rota_membership import RotaMembership
from app.storage.models.saved_view import SavedView
from app.storage.models.sign_in_attempt import SignInAttempt
from app.storage.models.social_office import SocialOffice
from app.storage.models.staff import Staff
from app.storage.models.tally import Tally
from app.storage.models.temporary_person import TemporaryPerson
from app.storage.models.temporary_schedule import TemporarySchedule
from app.storage.models.time_note import TimeNote
from app.storage.models.told_call import ToldCall
from app.storage.models.training_occasion import TrainingOccasion
from app.storage.models.training_service import TrainingService
from app.storage.models.web_session import WebSession

__all__ = [
    "Absence",
    "Account",
    "AccountLine",
    "AccountRole",
    "ApiToken",
    "Attempt",
    "AuditEntry",
    "AuditHead",
    "Call",
    "CallDealtWith",
    "CallEvent",
    "CallbackAttempt",
    "CallbackRequest",
    "Case",
    "CaseEvent",
    "CaseHandOver",
    "Consultation",
    "ConsultationChange",
    "ConsultationNote",
    "ConsultationTag",
    "Cover",
    "DataExport",
    "DatedHours",
    "Destruction",
    "DirtyDay",
    "EarlierFigure",
    "FollowUp",
    "FollowUpEvent",
    "JobLease",
    "JobOccurrence",
    "Observation",
    "OutgoingMail",
    "Passkey",
    "Pause",
    "Population",
    "PublishedYear",
    "RecoveryCode",
    "ReferenceGuesses",
    "Referral",
    "RegisterCounter",
    "RegisterEntry",
    "RetentionDecision",
    "RetentionTally",
    "RotaMembership",
    "SavedView",
    "SignInAttempt",
    "SocialOffice",
    "Staff",
    "Tally",
    "TemporaryPerson",
    "TemporarySchedule",
    "TimeNote",
    "ToldCall",
    "TrainingOccasion",
    "TrainingService",
    "WebSession",
]
