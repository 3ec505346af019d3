"""Students: lists of them, and the data of one."""
