"""What stops the program is said in words on stderr, with a hint and the documented exit code."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import click
import pytest

from cli import diagnostics
from cli.failure import exit_code_of
from cli.main import run
from cli.signals import finishing_gently
from engine.domain.errors import InterruptedRunError, LockHeldError
from engine.machine.stop import AskedStop
from engine.media.process import Ran
from engine.media.process import run as program


def test_a_fault_is_an_error_and_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    """`error:` and `hint:` on stderr, the exit code of the fault."""
    assert exit_code_of(LockHeldError("another run is working", hint="wait for it")) == 24
    assert capsys.readouterr().err == "error: another run is working\nhint: wait for it\n"


def test_ctrl_c_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    """An interrupt, a click abort and a stop that was asked for end with 130."""
    assert exit_code_of(KeyboardInterrupt()) == 130
    assert exit_code_of(click.Abort()) == 130
    assert exit_code_of(InterruptedRunError("stopped as asked")) == 130
    assert "takes up where" in capsys.readouterr().err


def test_exits_keep_their_codes() -> None:
    """Click's exits and the interpreter's pass through."""
    assert exit_code_of(click.exceptions.Exit(21)) == 21
    assert exit_code_of(SystemExit(5)) == 5
    assert exit_code_of(SystemExit("words")) == 1


def test_an_unexpected_fault_says_how_to_report_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A bug ends with 1 and asks for `-v`; its text is without secrets."""
    diagnostics.hide(("hush",))
    assert exit_code_of(ValueError("the token hush at http://u:p@h/ with Bearer abc")) == 1
    said = capsys.readouterr().err
    assert "hush" not in said
    assert "u:p" not in said
    assert "abc" not in said
    assert "unexpected ValueError" in said


def test_a_missing_journal_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new user is led to `sync init` with exit code 2; nothing is created by asking."""
    assert run(["--home", str(tmp_path / "none"), "status"]) == 2
    assert "sync init" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_typo_in_the_settings_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The key and the line are named on stderr."""
    (tmp_path / "cratelog.toml").write_text("[library]\nrot = 1\n")
    assert run(["--home", str(tmp_path), "config"]) == 2
    said = capsys.readouterr().err
    assert "line 2" in said
    assert "library.root" in said


def test_a_wrong_option_names_the_commands_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Click's own errors look like ours."""
    assert run(["status", "--nonsense"]) == 2
    assert "hint: `sync status --help` shows how" in capsys.readouterr().err


def test_the_reader_of_our_output_may_leave(made_home: Path) -> None:
    """`sync export | head -1` ends quietly."""
    command = f"{sys.executable} -m cli --home {made_home} export | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert "error" not in done.stderr
    assert "Traceback" not in done.stderr


def test_diagnostics_go_to_stderr_and_hide_secrets(made_home: Path) -> None:
    """`-v` never shows a token, wherever it comes from."""
    script = (
        "import logging, sys\nfrom cli.main import run\n"
        f"code = run(['-v', '--home', {str(made_home)!r}, 'status'])\n"
        "logging.getLogger('x').debug('sent ntn_hush')\nsys.exit(code)"
    )
    environment = {**os.environ, "NOTION_TOKEN": "ntn_hush", "NO_COLOR": "1"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert "x: sent ••••••••" in done.stderr
    assert "hush" not in done.stderr + done.stdout


def test_the_first_interrupt_asks_and_the_second_stops() -> None:
    """Design §10: first Ctrl-C finishes the call in flight, the second stops now; handlers are put back."""
    stop = AskedStop()
    before = signal.getsignal(signal.SIGINT)
    with finishing_gently(stop):
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_what_runs_beside_us_is_ended_when_we_leave(capsys: pytest.CaptureFixture[str]) -> None:
    """Design §10: the second interrupt ends the process with 130, and no decoder outlives it."""
    begun, codes = threading.Event(), list[int]()
    words = [
        sys.executable,
        "-c",
        "import sys, time; sys.stdout.write('x' * 300_000); sys.stdout.flush(); time.sleep(600)",
    ]
    ran: list[Ran] = []
    worker = threading.Thread(target=lambda: ran.append(program(words, timeout_s=600, sink=lambda _: begun.set())))
    worker.start()
    begun.wait()
    stop = AskedStop()
    stop.ask()
    with pytest.raises(KeyboardInterrupt), finishing_gently(stop, codes.append):
        os.kill(os.getpid(), signal.SIGINT)
    worker.join()
    assert codes == [130]
    assert ran[0].code == -signal.SIGKILL
    assert "the next run asks" in capsys.readouterr().err


def test_a_verbose_fault_shows_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    """Under `-v` the trace is shown."""
    before = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        assert exit_code_of(_raised(ValueError("deep"))) == 1
    finally:
        logging.getLogger().setLevel(before)
    assert "Traceback" in capsys.readouterr().err


def _raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_a_broken_pipe_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The flush at exit goes nowhere instead of failing."""
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert exit_code_of(BrokenPipeError()) == 0
        out.write("lost")
    assert (tmp_path / "out").read_text() == ""
    assert io.StringIO().getvalue() == ""
