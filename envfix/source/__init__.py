"""What does the code of a service do with a variable?

| module | question that it answers |
| --- | --- |
| `files` | what is a file of a project's source? |
| `reading` | which files of the project are source, and what stands in them? |
| `runtime` | where is the source of a service's program, and which files does its runtime run? |
| `mentions` | where does source say a name, and in which spelling? |
| `defaults` | which default in code says this port of loopback? |
| `usage` | is the value only handed to browsers and programs outside? |
| `code` | what does the source of each service say of a variable? |
"""

from envfix.source.code import Code
from envfix.source.mentions import Mention

__all__ = ["Code", "Mention"]
