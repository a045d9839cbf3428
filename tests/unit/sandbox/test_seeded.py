from ges_connector.sandbox.seeded import draw_uuid, stream


def draws(seed: int, purpose: str, name: str = "") -> list[float]:
    source = stream(seed, purpose, name)
    return [source.random() for _ in range(5)]


def test_a_stream_is_the_same_for_the_same_seed_purpose_and_name() -> None:
    assert draws(1, "ids", "Billing") == draws(1, "ids", "Billing")


def test_another_seed_purpose_or_name_is_another_stream() -> None:
    streams = [draws(1, "ids", "a"), draws(2, "ids", "a"), draws(1, "codes", "a"), draws(1, "ids")]
    assert all(streams.count(drawn) == 1 for drawn in streams)


def test_ids_have_the_form_of_random_uuids_and_are_known_beforehand() -> None:
    source = stream(1, "ids")
    ids = [draw_uuid(source) for _ in range(100)]
    assert len(set(ids)) == 100
    assert {new.version for new in ids} == {4}
    assert str(ids[0]) == "b13fb09d-ab76-461f-b25c-be11284a5295"
