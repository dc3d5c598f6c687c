"""`dossier completion`: what a shell needs to complete verbs, options, topics and addresses."""

from __future__ import annotations

import os
from pathlib import PurePath

import click
from click.shell_completion import (
    BashComplete,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_DOSSIER_COMPLETE"
INSTALL = {
    "bash": """echo 'eval "$(dossier completion bash)"' >> ~/.bashrc""",
    "zsh": """echo 'eval "$(dossier completion zsh)"' >> ~/.zshrc   (after the line with compinit)""",
    "fish": "dossier completion fish > ~/.config/fish/completions/dossier.fish",
}

# Bash takes a colon for the end of a word, so that it would complete what stands behind the one in https://. We get the
# whole line, and hand back of each word what bash takes for its end.
BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response completion type value word prefix line="${COMP_LINE:0:$COMP_POINT}"
    response=$(env COMP_WORDS="$line" COMP_CWORD=0 %(complete_var)s=bash_complete "$1")
    COMPREPLY=()
    for completion in $response; do
        IFS=',' read -r type value <<< "$completion"
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) printf -v value '%%q' "$value"; COMPREPLY+=("$value") ;;
        esac
    done
    word="${line##*[[:space:]]}"
    if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
        prefix="${word%%"${word##*:}"}"
        COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
    fi
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class WholeLine(BashComplete):
    """Bash, which hands over its line up to the cursor."""

    source_template = BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is being typed, and that one."""
        line = os.environ.get("COMP_WORDS", "")
        words = split_arg_string(line)[1:]
        return (words, "") if not words or line[-1:].isspace() else (words[:-1], words[-1])


add_completion_class(WholeLine)


@click.command("completion")
@click.argument(
    "shell", metavar="[SHELL]", type=click.Choice(SHELLS), default=lambda: usual(os.environ.get("SHELL", ""))
)
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script by which a shell completes verbs, topics and addresses (bash, zsh, fish; yours by default).

    Its first lines say where it belongs. To try it in this shell: eval "$(dossier completion bash)"
    """
    kind = get_completion_class(shell)
    assert kind is not None
    script = ShellComplete.source(kind(ctx.find_root().command, {}, "dossier", VARIABLE))
    click.echo(f"# To have it in every {shell}:\n#   {INSTALL[shell]}\n{script}")


def usual(shell: str) -> str:
    """The shell that a user has, where it is one of ours, else bash."""
    name = PurePath(shell).name
    return name if name in SHELLS else "bash"
