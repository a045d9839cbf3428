"""A contact centre to run against: the whole GES callback API over real HTTP."""
