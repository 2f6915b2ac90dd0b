"""What should this address be, and why?

`decide` goes over every address of the judged files (`places`). What is pinned (`pins`), no address, or unread (`keep`)
is told without asking a reader; else each reader is asked what it needs (`verdict`: `keep`, `target`, `choose`), the
answers are settled into one, and `rewrite` makes of it the reference and the edits, its port included. `other_hosts`
does the same for a service's name with a wrong port, `in_compose` for compose files, `to_host` for the way back. What a
reader with a loader of its own would not see is asked about (`witnesses`). Of the user's words `idle` tells those that
do nothing; it is the only module here that a project without any address needs.
"""
