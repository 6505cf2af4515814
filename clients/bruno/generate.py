#!/usr/bin/env python3
"""Makes a Bruno collection of the OpenAPI document: a request for each operation, with its example, and an
environment for each role of a pilot.

    generate.py FOLDER [data/pilot-credentials.json] [http://127.0.0.1:8080]

What is listed leaves the id of its last record (`businesses_id`) for the requests of one record, and what is read its
ETag for the next change. Requests with the tag `read` can be run one after the other: they change nothing."""
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
METHODS = ("get", "post", "put", "patch", "delete")
# What a log-in sends; what it gets is kept, so the token is that of whoever came last.
SIGN_IN = {
    "log_in": {"email": "{{email}}", "password": "{{password}}"},
    "request_token": {
        "grant_type": "client_credentials",
        "client_id": "{{client_id}}",
        "client_secret": "{{client_secret}}",
    },
}
# Of parts of addresses that are no ids, and for which the document has no example.
EXAMPLES = {"year": "2026", "kind": "quotation", "requirement": "photo"}
BODIES = {
    "application/json": "json",
    "application/merge-patch+json": "json",
    "application/x-www-form-urlencoded": "formUrlEncoded",
}


def block(name, lines):
    text = "\n".join(lines)
    return f"{name} {{\n" + "".join(f"  {line}\n" for line in text.split("\n")) + "}\n" if text else ""


def pairs(values):
    return [f"{name}: {value}" for name, value in values.items()]


def variable(path):
    """Where the id of a record of a list is kept."""
    return path.rsplit("/", 1)[-1].replace("-", "_") + "_id"


def ids_in(path):
    """The ids in a path, and the variables in which what was asked before has left them."""
    parts = path.split("/")
    for index, part in enumerate(parts):
        if part == "{id}" or part.endswith("_id}"):
            yield part[1:-1], variable("/".join(parts[:index]))


def above(path):
    """The variable of what there is one of, or none, above a path: of a plan, above its history."""
    parts = path.split("/")
    for index in range(4, len(parts) - 1):
        if "{" not in parts[index] + parts[index + 1]:
            yield variable("/".join(parts[: index + 1]))


def example_of(parameter):
    schema = parameter.get("schema", {})
    found = parameter.get("example", schema.get("example", (schema.get("enum") or [""])[0]))
    return ",".join(found) if isinstance(found, list) else str(found)


def is_list(operation):
    return any(one["name"] == "cursor" for one in operation.get("parameters", []))


def scripts(path, method, operation):
    """What goes before a request, after it, and what has to hold."""
    ids = dict(ids_in(path))
    if operation["operationId"] in SIGN_IN:
        needs = "email" if operation["operationId"] == "log_in" else "client_id"
        before = [f'!bru.getEnvVar("{needs}")']
        after = ['bru.setVar("access_token", res.body.access_token);', 'bru.setVar("scope", res.body.scope);']
        may = [200]
    else:
        scopes = [scope for one in operation.get("security", []) for scope in one.get("oauth2", [])]
        before = [f'!bru.getVar("{name}")' for name in [*ids.values(), *above(path)]]
        before += [f'!(bru.getVar("scope") ?? "").split(" ").includes("{scope}")' for scope in scopes]
        after, may = [], []
        if method == "get" and is_list(operation):
            may = [200]
            if not path.endswith(("/history", "/transitions")):
                after = [f'if (res.body.data?.length) bru.setVar("{variable(path)}", res.body.data.at(-1).id);']
        elif method == "get":
            may = [200, 404]
            after = ['if (res.headers["etag"]) bru.setVar("etag", res.headers["etag"]);']
            if ids and not path.endswith("}"):
                after += [f'if (res.body.id) bru.setVar("{variable(path)}", res.body.id);']
    # In a run of the whole collection, what the role or the records at hand do not allow is left out.
    yield block("script:pre-request", [f"if ({' || '.join(before)}) bru.runner.skipRequest();"] if before else [])
    yield block("script:post-response", after)
    holds = f"expect(res.status, JSON.stringify(res.body)).to.be.oneOf({may})"
    yield block("tests", [f'test("is answered", () => {holds});'] if may else [])


def request(path, method, operation, seq):
    name = operation["operationId"]
    asked = {place: {} for place in ("path", "query", "header")}
    for one in operation.get("parameters", []):
        asked[one["in"]][one["name"]] = one
    sends = operation.get("requestBody", {}).get("content", {})
    kind = next(iter(sends), None)
    body = BODIES.get(kind, "none")
    example = SIGN_IN.get(name) or sends.get(kind, {}).get("example")

    headers = {"Accept-Language": "{{language}}"}
    if body == "json":
        headers["Content-Type"] = kind
    if "Idempotency-Key" in asked["header"]:
        headers["Idempotency-Key"] = "{{$guid}}"
    if "If-Match" in asked["header"]:
        headers["If-Match" if method in ("patch", "delete") else "~If-Match"] = "{{etag}}"
    needed = {one: example_of(given) for one, given in asked["query"].items() if given.get("required")}
    address = "/".join(f":{part[1:-1]}" if part.startswith("{") else part for part in path.split("/"))
    address += needed and "?" + "&".join(f"{one}={value}" for one, value in needed.items()) or ""
    more = {f"~{one}": example_of(given) for one, given in asked["query"].items() if one not in needed}
    parts = {one: EXAMPLES.get(one) or example_of(given) for one, given in asked["path"].items()}
    parts |= {one: "{{" + kept + "}}" for one, kept in ids_in(path)}
    free = operation.get("security") == [] or name in SIGN_IN
    tags = ["tags: [", "  read", "]"] if method == "get" or name in SIGN_IN else []
    return "\n".join(filter(None, [
        block("meta", [f"name: {operation['summary'].rstrip('.')}", "type: http", f"seq: {seq}", *tags]),
        block(method, ["url: {{url}}" + address, f"body: {body}", f"auth: {'none' if free else 'inherit'}"]),
        block("params:query", pairs(needed | more)),
        block("params:path", pairs(parts)),
        block("headers", pairs(headers)),
        block("body:json", [json.dumps(example, indent=2, ensure_ascii=False)] if body == "json" else []),
        block("body:form-urlencoded", pairs(example) if body == "formUrlEncoded" else []),
        *scripts(path, method, operation),
        block("docs", [operation.get("description", "")]),
    ]))


def environments(known, url):
    seen = {}
    for login in known["logins"]:
        seen.setdefault(login["role"], {"email": login["email"], "password": login["password"]})
    for client in known["clients"]:
        seen.setdefault(client["client_id"], {name: client[name] for name in ("client_id", "client_secret")})
    for name, values in seen.items():
        yield name, {"url": url, "language": "en", **values}


def main(folder, credentials=None, url="http://127.0.0.1:8080"):
    document = json.loads((HERE / "../../openapi/seribu.json").read_text())
    files = {
        "bruno.json": json.dumps({"version": "1", "name": "Seribu", "type": "collection"}),
        "collection.bru": block("auth", ["mode: bearer"]) + "\n" + block("auth:bearer", ["token: {{access_token}}"]),
    }
    known = json.loads(Path(credentials).read_text()) if credentials else {"logins": [], "clients": []}
    for name, values in environments(known, url):
        files[f"environments/{name}.bru"] = block("vars", pairs(values))
    # Who signs in comes first, and lists before what is read of one record.
    folders = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                folders.setdefault(operations[method]["tags"][0], []).append((path, method, operations[method]))
    for number, tag in enumerate(sorted(folders, key=lambda tag: (tag != "auth", tag)), 1):
        files[f"{tag}/folder.bru"] = block("meta", [f"name: {tag}", f"seq: {number}"])
        order = lambda one: (one[2]["operationId"] not in SIGN_IN, one[0].count("/"), one[0], METHODS.index(one[1]))
        for seq, (path, method, operation) in enumerate(sorted(folders[tag], key=order), 1):
            files[f"{tag}/{operation['operationId']}.bru"] = request(path, method, operation, seq)
    for name, text in files.items():
        file = Path(folder, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


main(*sys.argv[1:])
