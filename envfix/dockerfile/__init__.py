"""What does a Dockerfile reveal about the image that it builds, and where in that image does a file of the host lie?

| module | question that it answers |
| --- | --- |
| `instructions` | which instructions are there, put together from their lines, and what are their words? |
| `stages` | what does each stage say: base, ports, folder, variables, command, copies? |
| `globs` | which files do the patterns of an ignore file or a COPY name? |
| `placement` | where does a file of the host lie in the image? |
| `origins` | which files of the host may lie at this path of the image? |

Each is imported by its own name: who asks for ports and variables needs no copies.
"""
