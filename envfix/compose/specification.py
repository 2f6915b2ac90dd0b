"""The Compose specification's JSON schema (compose-spec.json, as compose-go 2.16 carries it) as a table, with the texts
that compose-go accepts where it wants a number, a truth value, a size or a duration."""

from __future__ import annotations

from envfix.compose.schema import ANY_NAME, Place, listed, mapping, table, text, types, words

STRING = types("string")
SCALAR = types("string", "number")
VALUE = types("string", "number", "boolean", "null")
BOOLEAN = types("boolean") | text(r"(?i:true|false|y|yes|on|n|no|off)", "true or false")
INTEGER = types("integer") | text(r"[-+]?[0-9]{1,19}", "a whole number")
DECIMAL = types("number") | text(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "a number")
SIZE = types("number") | text(r"[0-9]+(?:\.[0-9]+)* ?[kKmMgGtTpP]?[iI]?[bB]?|-1", "a size such as 512m")
DURATION = text(
    r"[-+]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h|d|w))+)",
    "a duration such as 1m30s, with its unit",
)
STRINGS = listed(STRING)
DISTINCT = listed(STRING, unique=True)
STRING_OR_LIST = STRING | STRINGS
ASSIGNMENTS = mapping(VALUE, ANY_NAME) | STRINGS
DISTINCT_ASSIGNMENTS = mapping(VALUE, ANY_NAME) | DISTINCT
HOSTS = mapping(STRING | STRINGS, ANY_NAME) | DISTINCT
COMMAND = types("null") | STRING | STRINGS
NAME = r"[a-zA-Z0-9._-]+"

_OPTIONS = mapping(SCALAR)
_MOUNTED = listed(STRING | table({"source": STRING, "target": STRING, "uid": STRING, "gid": STRING, "mode": SCALAR}))
_ULIMITS = mapping(INTEGER | table({"hard": INTEGER, "soft": INTEGER}, "soft", "hard"), "[a-z]+", extensible=True)
_DEVICE_REQUEST = {
    "capabilities": DISTINCT,
    "count": types("integer") | STRING,
    "device_ids": DISTINCT,
    "driver": STRING,
    "options": ASSIGNMENTS,
}
_LIMITS = {"cpus": SCALAR, "memory": SIZE | STRING}
_UPDATE = table(
    {
        "parallelism": INTEGER,
        "delay": DURATION,
        "failure_action": STRING,
        "monitor": DURATION,
        "max_failure_ratio": DECIMAL,
        "order": words("start-first", "stop-first"),
    }
)
_DEPLOY = types("null") | table(
    {
        "mode": STRING,
        "endpoint_mode": STRING,
        "replicas": INTEGER,
        "labels": ASSIGNMENTS,
        "rollback_config": _UPDATE,
        "update_config": _UPDATE,
        "resources": table(
            {
                "limits": table(_LIMITS | {"pids": INTEGER}),
                "reservations": table(
                    _LIMITS
                    | {
                        "generic_resources": listed(
                            table({"discrete_resource_spec": table({"kind": STRING, "value": SCALAR})})
                        ),
                        "devices": listed(table(_DEVICE_REQUEST, "capabilities")),
                    }
                ),
            }
        ),
        "restart_policy": table({"condition": STRING, "delay": DURATION, "max_attempts": INTEGER, "window": DURATION}),
        "placement": table(
            {
                "constraints": STRINGS,
                "preferences": listed(table({"spread": STRING})),
                "max_replicas_per_node": INTEGER,
            }
        ),
    }
)
_HOOK_KEYS = {
    "command": COMMAND,
    "user": STRING,
    "privileged": BOOLEAN,
    "working_dir": STRING,
    "environment": ASSIGNMENTS,
}
_HOOK = table(_HOOK_KEYS, "command")
_DEVELOP = types("null") | table(
    {
        "watch": listed(
            table(
                {
                    "ignore": STRING_OR_LIST,
                    "include": STRING_OR_LIST,
                    "path": STRING,
                    "action": words("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
                    "target": STRING,
                    "exec": _HOOK,
                    "initial_sync": types("boolean"),
                },
                "path",
                "action",
            )
        )
    }
)
_BUILD = STRING | table(
    {
        "context": STRING,
        "dockerfile": STRING,
        "dockerfile_inline": STRING,
        "entitlements": STRINGS,
        "args": ASSIGNMENTS,
        "ssh": DISTINCT_ASSIGNMENTS,
        "labels": ASSIGNMENTS,
        "cache_from": STRINGS,
        "cache_to": STRINGS,
        "no_cache": BOOLEAN,
        "no_cache_filter": STRING_OR_LIST,
        "additional_contexts": ASSIGNMENTS,
        "network": STRING,
        "provenance": types("boolean") | STRING,
        "sbom": types("boolean") | STRING,
        "pull": BOOLEAN,
        "target": STRING,
        "shm_size": types("integer") | SIZE,
        "extra_hosts": HOSTS,
        "isolation": STRING,
        "privileged": BOOLEAN,
        "secrets": _MOUNTED,
        "tags": STRINGS,
        "ulimits": _ULIMITS,
        "platforms": STRINGS,
    }
)
_VOLUME_MOUNT = STRING | table(
    {
        "type": words("bind", "volume", "tmpfs", "cluster", "npipe", "image"),
        "source": STRING,
        "target": STRING,
        "read_only": BOOLEAN,
        "consistency": STRING,
        "bind": table(
            {
                "propagation": STRING,
                "create_host_path": BOOLEAN,
                "recursive": words("enabled", "disabled", "writable", "readonly"),
                "selinux": words("z", "Z"),
            }
        ),
        "volume": table({"labels": ASSIGNMENTS, "nocopy": BOOLEAN, "subpath": STRING}),
        "tmpfs": table({"size": types("integer") | SIZE, "mode": SCALAR}),
        "image": table({"subpath": STRING}),
    },
    "type",
)
_PORT = types("number", "string") | table(
    {
        "name": STRING,
        "mode": STRING,
        "host_ip": STRING,
        "target": INTEGER,
        "published": types("integer") | STRING,
        "protocol": STRING,
        "app_protocol": STRING,
    }
)
_NETWORK_OF_SERVICE = types("null") | table(
    {
        "aliases": STRINGS,
        "interface_name": STRING,
        "ipv4_address": STRING,
        "ipv6_address": STRING,
        "link_local_ips": STRINGS,
        "mac_address": STRING,
        "driver_opts": _OPTIONS,
        "priority": types("number"),
        "gw_priority": types("number"),
    }
)
_RATES = listed(table({"path": STRING, "rate": types("integer") | STRING}, extensible=False))
_WEIGHTS = listed(table({"path": STRING, "weight": INTEGER}, extensible=False))

_CONTAINER: dict[str, Place] = {
    "annotations": ASSIGNMENTS,
    "blkio_config": table(
        {
            "device_read_bps": _RATES,
            "device_read_iops": _RATES,
            "device_write_bps": _RATES,
            "device_write_iops": _RATES,
            "weight": INTEGER,
            "weight_device": _WEIGHTS,
        },
        extensible=False,
    ),
    "cap_add": STRINGS,
    "cap_drop": STRINGS,
    "cgroup": words("host", "private"),
    "cgroup_parent": STRING,
    "command": COMMAND,
    "configs": _MOUNTED,
    **dict.fromkeys(("cpu_count", "oom_score_adj"), INTEGER),
    "cpu_percent": DECIMAL,
    **dict.fromkeys(("cpu_shares", "cpu_quota", "cpu_period", "cpu_rt_period", "cpu_rt_runtime", "cpus"), DECIMAL),
    "cpuset": STRING,
    "credential_spec": table({"config": STRING, "file": STRING, "registry": STRING}),
    "device_cgroup_rules": DISTINCT,
    "devices": listed(STRING | table({"source": STRING, "target": STRING, "permissions": STRING}, "source")),
    "dns": STRING_OR_LIST,
    "dns_opt": STRINGS,
    "dns_search": STRING_OR_LIST,
    "domainname": STRING,
    "entrypoint": COMMAND,
    "env_file": STRING
    | listed(STRING | table({"path": STRING, "format": STRING, "required": BOOLEAN}, "path", extensible=False)),
    "label_file": STRING_OR_LIST,
    "environment": ASSIGNMENTS,
    "extra_hosts": HOSTS,
    "gpus": words("all") | listed(table(_DEVICE_REQUEST)),
    "group_add": listed(SCALAR, unique=True),
    "hostname": STRING,
    "image": STRING,
    "init": BOOLEAN,
    "ipc": STRING,
    "isolation": STRING,
    "labels": ASSIGNMENTS,
    "logging": table({"driver": STRING, "options": mapping(types("string", "number", "null"))}),
    "mac_address": STRING,
    **dict.fromkeys(("mem_limit", "mem_reservation", "memswap_limit", "mem_swappiness", "shm_size"), SIZE),
    "network_mode": STRING,
    "models": DISTINCT | mapping(types("null") | table({"endpoint_var": STRING, "model_var": STRING}), NAME),
    "networks": DISTINCT | mapping(_NETWORK_OF_SERVICE, NAME),
    "oom_kill_disable": BOOLEAN,
    "pid": types("string", "null"),
    "pids_limit": INTEGER,
    "platform": STRING,
    "privileged": BOOLEAN,
    "pull_policy": text(
        r"always|never|build|if_not_present|missing|refresh|daily|weekly|every_(?:[0-9]+[wdhms])+", "a pull policy"
    ),
    "pull_refresh_after": STRING,
    "read_only": BOOLEAN,
    "runtime": STRING,
    "security_opt": DISTINCT,
    "secrets": _MOUNTED,
    "sysctls": ASSIGNMENTS,
    "stop_grace_period": DURATION,
    "stop_signal": STRING,
    "storage_opt": types("object"),
    "tmpfs": STRING_OR_LIST,
    "ulimits": _ULIMITS,
    "use_api_socket": types("boolean"),
    "user": STRING,
    "uts": STRING,
    "userns_mode": STRING,
    "volumes": listed(_VOLUME_MOUNT),
    "volumes_from": DISTINCT,
    "working_dir": STRING,
}
_DEPENDENCY = table(
    {
        "restart": BOOLEAN,
        "required": BOOLEAN,
        "condition": words("service_started", "service_healthy", "service_completed_successfully"),
    },
    "condition",
)
_WORKLOAD: dict[str, Place] = {
    "build": _BUILD,
    "depends_on": DISTINCT | mapping(_DEPENDENCY, NAME),
    "healthcheck": table(
        {
            "disable": BOOLEAN,
            "interval": DURATION,
            "retries": INTEGER,
            "test": STRING | STRINGS,
            "timeout": DURATION,
            "start_period": DURATION,
            "start_interval": DURATION,
        }
    ),
    "ports": listed(_PORT),
    "expose": listed(types("string", "integer")),
    "stdin_open": BOOLEAN,
    "tty": BOOLEAN,
}
SERVICE = table(
    {
        **_CONTAINER,
        **_WORKLOAD,
        "deploy": _DEPLOY,
        "develop": _DEVELOP,
        "profiles": STRINGS,
        "restart": STRING,
        "scale": INTEGER,
        "attach": BOOLEAN,
        "container_name": text(r"[\s\S]*[a-zA-Z0-9][a-zA-Z0-9_.-]+[\s\S]*", "a name of two characters or more"),
        "provider": table({"type": STRING, "options": mapping(types("string", "number", "boolean", "array"))}, "type"),
        "extends": STRING | table({"service": STRING, "file": STRING}, "service", extensible=False),
        "links": STRINGS,
        "external_links": DISTINCT,
        "pre_start": listed(table({**_CONTAINER, "per_replica": BOOLEAN})),
        "post_start": listed(_HOOK),
        "pre_stop": listed(_HOOK),
    }
)
_SCHEDULE = table(
    {
        "cron": STRING,
        "timezone": STRING,
        "concurrency": words("forbid", "queue"),
        "missed_fires": words("one", "skip"),
    },
    "cron",
)
_JOB = table(
    {
        **_CONTAINER,
        **_WORKLOAD,
        "profiles": STRINGS,
        "triggers": table({"manual": BOOLEAN, "schedule": listed(STRING | _SCHEDULE)}),
    },
    "triggers",
)
_EXTERNAL = BOOLEAN | table({"name": STRING})
_NETWORK = types("null") | table(
    {
        "name": STRING,
        "driver": STRING,
        "driver_opts": _OPTIONS,
        "ipam": table(
            {
                "driver": STRING,
                "config": listed(
                    table({"subnet": STRING, "ip_range": STRING, "gateway": STRING, "aux_addresses": mapping(STRING)})
                ),
                "options": mapping(STRING),
            }
        ),
        "external": _EXTERNAL,
        **dict.fromkeys(("internal", "enable_ipv4", "enable_ipv6", "attachable"), BOOLEAN),
        "labels": ASSIGNMENTS,
    }
)
_VOLUME = types("null") | table(
    {"name": STRING, "driver": STRING, "driver_opts": _OPTIONS, "external": _EXTERNAL, "labels": ASSIGNMENTS}
)
_FILE: dict[str, Place] = {
    "name": STRING,
    "environment": STRING,
    "file": STRING,
    "external": BOOLEAN | types("object"),
    "labels": ASSIGNMENTS,
    "template_driver": STRING,
}
PROJECT = table(
    {
        "version": STRING,
        "name": STRING,
        "include": listed(
            STRING
            | table({"path": STRING_OR_LIST, "env_file": STRING_OR_LIST, "project_directory": STRING}, extensible=False)
        ),
        "services": mapping(SERVICE, NAME),
        "models": mapping(
            table(
                {"name": STRING, "model": STRING, "context_size": types("integer"), "runtime_flags": STRINGS}, "model"
            ),
            NAME,
        ),
        "networks": mapping(_NETWORK, NAME),
        "volumes": mapping(_VOLUME, NAME),
        "secrets": mapping(table({**_FILE, "driver": STRING, "driver_opts": _OPTIONS}), NAME),
        "configs": mapping(table({**_FILE, "content": STRING}), NAME),
        "jobs": mapping(_JOB, NAME),
    }
)
