"""What a creator without the ENTERPRISE tier sees in place of every page."""

import streamlit as st

from ui.sign_in import sign_out
from ui.text import plain
from ui.viewer import signed_in_account


def access_denied() -> None:
    """The gate's page: what is wrong, with which value, and what to do."""
    account = signed_in_account()
    tier = (account.subscription_tier or "none") if account else "none"
    with st.container(width=640):
        st.title("Feature Access Denied")
        st.write(
            f"The Creator Dashboard is part of the **ENTERPRISE** tier. "
            f"**{plain(account.creator_name or '') if account else 'This account'}** has the **{tier.upper()}** tier."
        )
        st.markdown(
            "**What you can do**\n\n"
            "1. Upgrade to ENTERPRISE in your subscription settings; the dashboard opens within a minute.\n"
            "2. If you have upgraded already, check that the membership is active and sign in again.\n"
            "3. If the tier is right and this page stays, write to support and give them the tier shown above."
        )
        st.button("Sign out", on_click=sign_out)
