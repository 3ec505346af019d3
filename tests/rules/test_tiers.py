"""Which tier includes the dashboard, and what the others are told."""

import pytest

from rules.tiers import TIERS, FeatureAccessDenied, must_open_the_dashboard, opens_the_dashboard


def test_only_enterprise_opens_the_dashboard() -> None:
    assert [tier for tier in (*TIERS, None, "", "Enterprise") if opens_the_dashboard(tier)] == ["enterprise"]
    must_open_the_dashboard("enterprise")


@pytest.mark.parametrize(
    ("tier", "has"), [("basic", "has the BASIC tier"), ("pro", "has the PRO tier"), (None, "has no tier")]
)
def test_a_refusal_says_which_tier_it_takes_and_which_there_is(tier: str | None, has: str) -> None:
    with pytest.raises(
        FeatureAccessDenied, match=f"^Exports are part of the ENTERPRISE tier; this account {has}. Upgrade"
    ):
        must_open_the_dashboard(tier, what="Exports are")


def test_a_refusal_may_be_kept_where_staff_read_it_unless_it_names_the_creator() -> None:
    with pytest.raises(FeatureAccessDenied) as of_account:
        must_open_the_dashboard("pro")
    with pytest.raises(FeatureAccessDenied, match='"Paul Pro" has the PRO tier') as of_creator:
        must_open_the_dashboard("pro", "Paul Pro")

    assert of_account.value.names_no_person
    assert not of_creator.value.names_no_person
