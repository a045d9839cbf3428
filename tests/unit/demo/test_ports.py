import socket

import pytest

from ges_connector.demo.errors import UnusableInputError
from ges_connector.demo.plan import Ports
from ges_connector.demo.ports import settle_ports


def test_free_ports_are_found_and_differ() -> None:
    settled = settle_ports(Ports(rasa=0, actions=0, ges=0))
    assert 0 < settled.rasa != settled.actions > 0


def test_the_sandbox_may_choose_its_port_itself() -> None:
    assert settle_ports(Ports(rasa=0, actions=0, ges=0)).ges == 0


def test_a_port_in_use_is_named_with_the_option_that_changes_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UnusableInputError, match=rf"Port {port} .*--actions-port"):
            settle_ports(Ports(rasa=0, actions=port, ges=0))


def test_a_port_wanted_twice_is_refused() -> None:
    port = settle_ports(Ports(rasa=0, actions=0, ges=0)).rasa
    with pytest.raises(UnusableInputError, match="--ges-port"):
        settle_ports(Ports(rasa=port, actions=0, ges=port))


@pytest.mark.parametrize("port", [-1, 65_536, 10**9])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(UnusableInputError, match="--rasa-port"):
        settle_ports(Ports(rasa=port, actions=0, ges=0))
