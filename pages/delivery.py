"""The email log. Creators see their own emails, staff also see those of all creators."""

from uuid import UUID

import pandas as pd
import streamlit as st

from queries.mails.deliveries import (
    DAYS,
    SHOWN,
    DeliveryFilters,
    all_deliveries,
    all_delivery_counts,
    deliveries,
    delivery_counts,
    mail_kinds,
    suppressed_addresses,
)
from queries.mails.mailings import all_mailings, mailings
from queries.overview.data_there import data_there
from ui.account.viewer import Viewer, entitled_creators, signed_in_account, staff_account, viewer
from ui.mails.delivery_labels import delivery_sentence, first_in_words
from ui.mails.delivery_log import (
    MAILS,
    attention_cards,
    delivery_filters,
    delivery_table,
    suppressed_table,
    what_the_states_mean,
)
from ui.mails.mailings import mailing_heading, mailings_of_all_table, mailings_table, opened_mailing
from ui.own_data.missing import missing_note
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering


def of_one_creator(seen_by: Viewer) -> None:
    counts = delivery_counts(seen_by.creator_id)
    opened = opened_mailing()
    if counts:
        st.write(delivery_sentence(counts, DAYS))
        filters = opened or delivery_filters(mail_kinds(seen_by.creator_id))
    with gathering():
        mails = deliveries(seen_by.creator_id, filters) if counts else None
        grouped = mailings(seen_by.creator_id, filters) if counts and not filters.recipient else None
        addresses = suppressed_addresses(seen_by.creator_id)
        there = data_there(seen_by.creator_id)
    missing_note(there)
    if mails is not None:
        shown(seen_by, filters, mails, grouped)
        what_the_states_mean()
    else:
        nothing_yet(
            "No emails have been sent yet.", "Turn on the weekly digest in the settings, and it will appear here."
        )
    if len(addresses):
        st.header("Addresses that no longer get email")
        suppressed_table(addresses, seen_by.creator.timezone)


def shown(seen_by: Viewer, filters: DeliveryFilters, mails: pd.DataFrame, grouped: pd.DataFrame | None) -> None:
    """The emails of one mailing, or those to a recipient; otherwise all mailings."""
    timezone = seen_by.creator.timezone
    if filters.mailing and grouped is not None:
        mailing_heading(filters.kind or "", grouped)
    attention_cards(mails, timezone, seen_by.account.id if seen_by.is_staff else None)
    if mails.empty:
        nothing_yet("No emails match these filters.", "Choose another state or kind, or clear the recipient.")
    elif grouped is not None and not filters.mailing:
        mailings_table(grouped, timezone)
    else:
        delivery_table(mails, timezone, MAILS)
        if len(mails) == SHOWN:
            st.caption(first_in_words(SHOWN))


def of_all_creators(staff_id: UUID, counts: dict[str, int], mails: pd.DataFrame, grouped: pd.DataFrame) -> None:
    if not counts:
        nothing_yet("No creator has sent an email yet.", "Emails appear here as soon as one is due.")
        return
    st.write(delivery_sentence(counts, DAYS))
    attention_cards(mails, "UTC", staff_id)
    mailings_of_all_table(grouped)
    st.caption(
        "Times are in UTC. To see recipients and messages, open the creator's dashboard and choose This creator."
    )
    what_the_states_mean()


st.title("Email log")
account = signed_in_account()
if account and account.role == "staff":
    staff_id = staff_account().id
    every_count, every_mail = all_delivery_counts(staff_id), all_deliveries(staff_id)
    every_mailing = all_mailings(staff_id)
    all_creators, opened_creator = st.tabs(["All creators", "This creator"])
    with opened_creator:
        if entitled_creators():
            of_one_creator(viewer())
    with all_creators:
        of_all_creators(staff_id, every_count, every_mail, every_mailing)
else:
    of_one_creator(viewer())
