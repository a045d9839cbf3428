"""Flows of Rasa's current engine (CALM), read, checked and walked without engine and licence.

Nothing here knows callbacks: what the checks need to know of the code comes as `Facts`, and what
the walker runs as a function. So flows of your own are checked and walked in the same way.
"""

from ges_connector.flows.checking import faults_of, is_remark
from ges_connector.flows.facts import Facts
from ges_connector.flows.model import Flow, Flows, FlowsError, Step
from ges_connector.flows.predicates import Predicate, PredicateError
from ges_connector.flows.project import Project, read_project
from ges_connector.flows.walking import Command, Walker

__all__ = [
    "Command",
    "Facts",
    "Flow",
    "Flows",
    "FlowsError",
    "Predicate",
    "PredicateError",
    "Project",
    "Step",
    "Walker",
    "faults_of",
    "is_remark",
    "read_project",
]
