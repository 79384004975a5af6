#!/usr/bin/env python3
"""Judges the tests that failed and passed when they were run once more: docs/adr/0027.

Reads the reports of Maven below the folder that is given, prints each such test, and ends with 1 when one of them is a race
or crash test, which has found something when it fails once, or when they are too many.

>>> import pathlib, tempfile
>>> def reports(*tests):
...     folder = pathlib.Path(tempfile.mkdtemp())
...     target = folder / "service" / "target" / "failsafe-reports"
...     target.mkdir(parents=True)
...     for number, (name, flaky) in enumerate(tests):
...         target.joinpath(f"TEST-{number}.xml").write_text(
...             f'<testsuite><testcase classname="{name}" name="works">{flaky}</testcase></testsuite>')
...     return folder
>>> once = "<flakyFailure message='x'/>"
>>> judge(reports(("a.WalkIT", ""), ("a.CrashIT", "")))
([], [])
>>> judge(reports(("a.WalkIT", once)))
(['a.WalkIT.works'], [])
>>> judge(reports(("a.CrashIT", "<flakyError/>"), ("a.WalkIT", once)))
(['a.CrashIT.works', 'a.WalkIT.works'], ['a.CrashIT.works has found something when it fails once'])
>>> judge(reports(*[(f"a.Walk{i}IT", once) for i in range(3)]))[1]
[]
>>> judge(reports(*[(f"a.Walk{i}IT", once) for i in range(4)]))[1]
['4 tests are flaky, at most 3 may be']
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as xml

MOST = 3
STRICT = re.compile(r"Books|Crash|Ledger|Race|Replicas|Storm")


def judge(folder):
    """The names of the flaky tests of all reports below a folder, and why that is no success, if it is not."""
    flaky = sorted(
        f"{test.get('classname')}.{test.get('name')}"
        for report in folder.glob("**/target/*-reports/TEST-*.xml")
        for test in xml.parse(report).iter("testcase")
        if test.find("flakyFailure") is not None or test.find("flakyError") is not None
    )
    reasons = [f"{name} has found something when it fails once" for name in flaky if STRICT.search(name)]
    if len(flaky) > MOST:
        reasons.append(f"{len(flaky)} tests are flaky, at most {MOST} may be")
    return flaky, reasons


if __name__ == "__main__":
    tests, refusals = judge(pathlib.Path(sys.argv[1]))
    for name in tests:
        print(f"flaky: {name} failed, and passed when it was run once more; mend it next")
    for reason in refusals:
        print(f"not accepted: {reason}")
    sys.exit(1 if refusals else 0)
