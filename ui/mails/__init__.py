"""The parts of the pages about announcements, invitations and the delivery of mail."""
