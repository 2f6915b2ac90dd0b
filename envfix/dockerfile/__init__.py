"""What does a Dockerfile reveal about the image that it builds, and where in that image does a file of the host lie?

| module | question that it answers |
| --- | --- |
| `instructions` | which instructions are there, continuations and here-documents put together? |
| `words` | what are the words of an instruction once its variables are replaced? |
| `stages` | what does each stage say: base, ports, folder, variables, command, copies? |
| `globs` | which files do the patterns of an ignore file or a COPY name? |
| `shell` | which plain commands does a RUN hold? |
| `placed` | where does a file of the host lie in the image? |
"""

from envfix.dockerfile.placed import placed
from envfix.dockerfile.stages import Copy, Dockerfile, Run, Stage, read_dockerfile

__all__ = ["Copy", "Dockerfile", "Run", "Stage", "placed", "read_dockerfile"]
