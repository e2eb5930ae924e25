"""Tables of the running SOP. Domain rows point here (`lead.run`), never the other way."""

from fairway.runs.models.attachment import Attachment
from fairway.runs.models.attempt import Attempt
from fairway.runs.models.clock_state import ClockState
from fairway.runs.models.deadline import Deadline
from fairway.runs.models.event import Anchor, Event
from fairway.runs.models.job import Job
from fairway.runs.models.participant import Participant
from fairway.runs.models.record import Record
from fairway.runs.models.run import Run
from fairway.runs.models.snooze import Snooze
from fairway.runs.models.tally import Tally
from fairway.runs.models.task import Task
from fairway.runs.models.visit import Visit
from fairway.runs.models.waiver import Waiver

__all__ = [
    "Anchor", "Attachment", "Attempt", "ClockState", "Deadline", "Event", "Job", "Participant", "Record", "Run",
    "Snooze", "Tally", "Task", "Visit", "Waiver",
]  # fmt: skip
