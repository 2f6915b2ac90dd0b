"""What does git say of this path? Read from git's own files: no git is ever run, so that none can obey a stranger's
configuration.

| module | question |
| --- | --- |
| `worktree` | in which work tree does a folder lie, and is it one that git itself would trust? |
| `index` | which files does git track? |
| `ignore` | which paths does git ignore? |
| `config` | what do the user's and the machine's settings of git say? |

Each is imported by its own name: most runs need `worktree` alone.
"""
