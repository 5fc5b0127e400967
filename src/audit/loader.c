/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/loader.h"

#include "core/nearest.h"
#include "core/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NAMES = 32 }; /* more than any mapping knows */

void mtp_loader_complain(mtp_loader *loader, mtp_place place, const char *format, ...)
{
    char text[4 * MTP_ERROR_MESSAGE];
    mtp_error problem;
    va_list args;

    va_start(args, format);
    if (vsnprintf(text, sizeof text, format, args) < 0) {
        text[0] = '\0';
    }
    va_end(args);
    (void)mtp_fail_at(&problem, MTP_E_DATA, loader->source, place.line, NULL, "%s",
                      text);
    problem.position = place.column;
    mtp_problems_add(&loader->problems, &problem);
}

void mtp_loader_pass_on(mtp_loader *loader, mtp_place place, const char *before,
                        const mtp_error *found)
{
    if (found->status == MTP_E_NOMEM) {
        loader->no_memory = true;
    } else if (found->source[0]) {
        mtp_problems_add(&loader->problems, found);
    } else {
        mtp_loader_complain(loader, place, "%s%s", before, found->message);
    }
}

void *mtp_loader_check(mtp_loader *loader, void *memory)
{
    if (!memory) {
        loader->no_memory = true;
    }
    return memory;
}

void *mtp_loader_alloc(mtp_loader *loader, size_t count, size_t size)
{
    return mtp_loader_check(loader, mtp_arena_zalloc(loader->arena, count, size));
}

const char *mtp_loader_suggest(mtp_loader *loader, const char *typed,
                               const char *const names[])
{
    size_t n = 0, near;
    const char *text;

    while (names[n]) {
        n++;
    }
    near = mtp_nearest_name(typed, n, names);
    if (near == n) {
        return "";
    }
    text = mtp_loader_check(
        loader, mtp_arena_printf(loader->arena, "; did you mean '%s'?", names[near]));
    return text ? text : "";
}

/* "; did you mean 'x'?", else what there is. The key that may have been meant, or n. */
static size_t unknown_key(mtp_loader *loader, const mtp_yaml *key, const char *what,
                          size_t n, const mtp_key keys[])
{
    const char *names[NAMES] = {NULL};
    mtp_strbuf way;
    size_t near;

    for (size_t i = 0; i < n; i++) {
        names[i] = keys[i].name;
    }
    near = mtp_nearest_name(key->text, n, names);
    mtp_strbuf_init(&way);
    if (near < n) {
        mtp_strbuf_printf(&way, "did you mean '%s'?", names[near]);
    } else {
        mtp_strbuf_add(&way, "there are ");
        for (size_t i = 0; i < n; i++) {
            mtp_strbuf_printf(&way, "%s%s", i > 0 ? ", " : "", names[i]);
        }
    }
    mtp_loader_complain(loader, key->place, "%s has no key '%s'; %s", what, key->text,
                        way.failed ? "" : way.text);
    loader->no_memory = loader->no_memory || way.failed;
    mtp_strbuf_free(&way);
    return near;
}

static bool is_flag(const mtp_yaml *node)
{
    return node->kind == MTP_YAML_TEXT && node->plain &&
           (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0);
}

static bool fits(const mtp_yaml *node, mtp_want want)
{
    switch (want) {
    case MTP_WANT_TEXT:
        return node->kind == MTP_YAML_TEXT;
    case MTP_WANT_FLAG:
        return is_flag(node);
    case MTP_WANT_SEQUENCE:
        return node->kind == MTP_YAML_SEQUENCE;
    case MTP_WANT_MAPPING:
        break;
    }
    return node->kind == MTP_YAML_MAPPING;
}

static void take(mtp_loader *loader, const mtp_yaml *key, const mtp_key *known)
{
    static const char *const wanted[] = {
        [MTP_WANT_TEXT] = "a text",
        [MTP_WANT_FLAG] = "true or false",
        [MTP_WANT_SEQUENCE] = "a sequence (lines that begin with -)",
        [MTP_WANT_MAPPING] = "a mapping (lines of key: value)",
    };
    const mtp_yaml *value = key->next;

    if (mtp_yaml_is_null(value)) {
        return;
    }
    if (!fits(value, known->want)) {
        mtp_loader_complain(loader, value->place, "'%s' is %s, not %s", key->text,
                            wanted[known->want], mtp_yaml_kind_name(value));
        return;
    }
    if (known->want == MTP_WANT_TEXT &&
        value->text[strspn(value->text, " \t\n")] == '\0') {
        mtp_loader_complain(loader, value->place, "'%s' is empty", key->text);
        return;
    }
    *known->value = value;
}

/* Whether a key was given at all, if only with something that was complained about. */
static bool has(const mtp_yaml *node, const char *name)
{
    for (const mtp_yaml *key = node->first; key; key = key->next->next) {
        if (strcmp(key->text, name) == 0) {
            return !mtp_yaml_is_null(key->next);
        }
    }
    return false;
}

bool mtp_loader_keys(mtp_loader *loader, const mtp_yaml *node, const char *what,
                     size_t n, const mtp_key keys[])
{
    bool meant[NAMES] = {false}; /* by a key that is not known */

    for (size_t i = 0; i < n; i++) {
        *keys[i].value = NULL;
    }
    if (node->kind != MTP_YAML_MAPPING) {
        mtp_loader_complain(loader, node->place,
                            "%s is a mapping (lines of key: value), not %s", what,
                            mtp_yaml_kind_name(node));
        return false;
    }
    for (const mtp_yaml *key = node->first; key; key = key->next->next) {
        size_t i = 0;

        while (i < n && strcmp(keys[i].name, key->text) != 0) {
            i++;
        }
        if (i == n) {
            meant[unknown_key(loader, key, what, n, keys)] = true;
        } else {
            take(loader, key, &keys[i]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (keys[i].needed && !meant[i] && !has(node, keys[i].name)) {
            mtp_loader_complain(loader, node->place, "%s lacks '%s'", what,
                                keys[i].name);
        }
    }
    return true;
}

const char *mtp_loader_text(mtp_loader *loader, const mtp_yaml *node)
{
    size_t length;

    if (!node) {
        return NULL;
    }
    length = strlen(node->text);
    if (length == 0 || node->text[length - 1] != '\n') {
        return node->text;
    }
    while (length > 0 && node->text[length - 1] == '\n') {
        length--;
    }
    return mtp_loader_check(loader,
                            mtp_arena_strndup(loader->arena, node->text, length));
}

bool mtp_loader_flag(const mtp_yaml *node)
{
    return node && strcmp(node->text, "true") == 0;
}
