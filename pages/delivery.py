"""What became of each mail: the page. A creator sees the own ones, staff those of all creators too."""

import streamlit as st

from queries.deliveries import (
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
from ui.delivery_log import (
    attention_cards,
    delivery_filters,
    delivery_table,
    suppressed_table,
    what_the_states_mean,
)
from ui.delivery_words import delivery_sentence
from ui.empty import nothing_yet
from ui.viewer import Viewer, entitled_creators, signed_in_account, staff_account, viewer


def of_one_creator(seen_by: Viewer) -> None:
    timezone = seen_by.creator.timezone
    counts = delivery_counts(seen_by.creator_id)
    if counts:
        st.write(delivery_sentence(counts, DAYS))
        filters = delivery_filters(mail_kinds(seen_by.creator_id))
        mails = deliveries(seen_by.creator_id, filters)
        attention_cards(mails, timezone, seen_by.account.id if seen_by.is_staff else None)
        if mails.empty:
            nothing_yet("No mail fits these filters.", "Choose another state or kind, or clear the recipient.")
        else:
            delivery_table(mails, timezone)
        if len(mails) == SHOWN and filters == DeliveryFilters():
            st.caption(f"The {SHOWN} mails that matter most are shown; filter for others.")
        what_the_states_mean()
    else:
        nothing_yet("No mail has been sent yet.", "Switch on the weekly digest in the settings, and it appears here.")
    addresses = suppressed_addresses(seen_by.creator_id)
    if len(addresses):
        st.subheader("Addresses that get no mail")
        suppressed_table(addresses, timezone)


def of_all_creators() -> None:
    staff_id = staff_account().id
    counts = all_delivery_counts(staff_id)
    if not counts:
        nothing_yet("No creator has sent a mail yet.", "Mails appear here as soon as one is due.")
        return
    st.write(delivery_sentence(counts, DAYS))
    mails = all_deliveries(staff_id)
    attention_cards(mails, "UTC", staff_id)
    delivery_table(mails, "UTC")
    st.caption("Times are in UTC. Recipients and contents show in the tab of the creator whose dashboard you open.")
    what_the_states_mean()


st.title("Mail log")
account = signed_in_account()
if account and account.role == "staff":
    all_creators, opened_creator = st.tabs(["All creators", "This creator"])
    with all_creators:
        of_all_creators()
    with opened_creator:
        if entitled_creators():
            of_one_creator(viewer())
else:
    of_one_creator(viewer())
