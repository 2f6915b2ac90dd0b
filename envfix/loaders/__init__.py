"""What would this reader read in this env file?

Docker Compose reads env files in its own grammar (`envfix.envfile`); a program that loads a `.env` for itself does so
with the loader of its language, and the two differ.

| module | question that it answers |
| --- | --- |
| `table` | which loaders are there, and in which switches do they differ? |
| `grammar` | what does this loader read in this text? |
| `choice` | which loader does a program use? |
| `witness` | does the loader see this address where Docker Compose's grammar sees it? |

Each is imported by its own name: where no program loads a file for itself, `table` is all that is needed.
"""
