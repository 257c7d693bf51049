#!/usr/bin/env python3
"""Compares the findings of `cfssl audit` on single certificates with those of pkilint, a linter from PyPI.

    python3 -m venv .venv && .venv/bin/pip install pkilint
    .venv/bin/python scripts/compare-pkilint.py --cfssl target/release/cfssl FOLDER...

Each certificate below the folders is given to both, alone. Printed is a table: for each of pkilint's findings how many
certificates have it, and which of our rules found something on the same certificates, most often first. With
`--record FILE` pkilint's findings are kept, by the fingerprints of the certificates: tests/pkilint.rs reads them.
"""

import argparse
import base64
import collections
import hashlib
import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path


def certificates(folders):
    """Every file that openssl reads as one certificate, with its PEM."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if not path.is_file() or path.stat().st_size > 1 << 20:
                continue
            data = path.read_bytes()
            form = "PEM" if b"-----BEGIN" in data else "DER"
            result = subprocess.run(["openssl", "x509", "-inform", form, "-in", path], capture_output=True, check=False)
            if result.returncode == 0:
                yield path, result.stdout


def pkilint(pem):
    """The codes of pkilint's findings, with their severity."""
    from pkilint import loader
    from pkilint.pkix import certificate, extension, name
    from pkilint.validation import ValidationFindingSeverity

    if not hasattr(pkilint, "validator"):
        pkilint.validator = certificate.create_pkix_certificate_validator_container(
            certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
            [certificate.create_issuer_validator_container([]), certificate.create_validity_validator_container(),
             certificate.create_subject_validator_container([]), certificate.create_extensions_validator_container([]),
             certificate.create_spki_validator_container([])])
    try:
        document = loader.RFC5280CertificateDocumentLoader().load_pem_document(pem.decode())
        results = pkilint.validator.validate(document.root)
    except Exception as error:  # pkilint raises what its parsers raise
        return {("fatal", f"unreadable:{type(error).__name__}")}
    return {(finding.finding.severity.name.lower(), finding.finding.code)
            for result in results for finding in result.finding_descriptions
            if finding.finding.severity != ValidationFindingSeverity.INFO}


def fingerprint(pem):
    """The SHA-256 of the certificate's DER."""
    body = pem.decode().split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
    return hashlib.sha256(base64.b64decode(body)).hexdigest()


def ours(cfssl, pem):
    """The rules of our findings about the certificate itself."""
    result = subprocess.run([cfssl, "audit", "-format", "json", "-severity", "info", "-"], input=pem,
                            capture_output=True, check=False)
    # What is about the set, the day or the key beside it pkilint cannot know.
    other = {"expired", "expires-soon", "issuer-missing", "long-lived"}
    return {finding["rule"] for finding in json.loads(result.stdout)["findings"]} - other


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cfssl", required=True, help="our program")
    parser.add_argument("--record", type=Path, help="a file to keep pkilint's findings in")
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    theirs, together, only_ours = collections.Counter(), collections.defaultdict(collections.Counter), collections.Counter()
    count, records = 0, {}
    for _, pem in certificates(args.folders):
        count += 1
        found, own = pkilint(pem), ours(args.cfssl, pem)
        records[fingerprint(pem)] = sorted(code for _, code in found)
        for finding in found:
            theirs[finding] += 1
            together[finding].update(own)
        if not found:
            only_ours.update(own)
    if args.record:
        version = importlib.metadata.version("pkilint")
        lines = [" ".join([of, *codes]) for of, codes in sorted(records.items()) if codes]
        args.record.write_text("\n".join([f"# pkilint {version}: {count} certificates", *lines, ""]), encoding="utf-8")
    print(f"{count} certificates.\n\n| pkilint | severity | certificates | our rules on the same certificates |\n|---|---|---|---|")
    for (severity, code), number in sorted(theirs.items(), key=lambda item: (-item[1], item[0])):
        rules = ", ".join(f"`{rule}` {seen}" for rule, seen in together[severity, code].most_common(3)) or "–"
        print(f"| `{code}` | {severity} | {number} | {rules} |")
    print("\nWhere pkilint found nothing:", ", ".join(f"`{rule}` {seen}" for rule, seen in only_ours.most_common()) or "nothing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
