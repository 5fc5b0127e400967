/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/yaml.h"

#include "core/error.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

/* A node that is open: its last child so far, and whether a key waits for its value. */
typedef struct level {
    mtp_yaml *node, *last;
    bool has_key;
} level;

typedef struct work {
    const char *source;
    mtp_arena *arena;
    mtp_error *err;
    yaml_parser_t parser;
    yaml_event_t event;
    mtp_yaml *root;
    level open[MTP_YAML_DEPTH];
    size_t depth, nodes;
} work;

bool mtp_yaml_is_null(const mtp_yaml *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (node->kind == MTP_YAML_TEXT && node->plain &&
            strcmp(node->text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *mtp_yaml_kind_name(const mtp_yaml *node)
{
    return mtp_yaml_is_null(node)            ? "nothing"
           : node->kind == MTP_YAML_TEXT     ? "a text"
           : node->kind == MTP_YAML_SEQUENCE ? "a sequence"
                                             : "a mapping";
}

static mtp_place place_of(yaml_mark_t mark)
{
    return (mtp_place){mark.line + 1, mark.column + 1};
}

static mtp_status refuse(work *w, mtp_status status, mtp_place place,
                         const char *message)
{
    (void)mtp_fail_at(w->err, status, w->source, place.line, NULL, "%s", message);
    w->err->position = place.column;
    return status;
}

/* Where a byte stands, which the reader of bytes does not say itself. */
static mtp_place place_of_byte(const char *bytes, size_t offset)
{
    mtp_place place = {1, 1};

    for (size_t i = 0; i < offset; i++) {
        if (bytes[i] == '\n') {
            place = (mtp_place){place.line + 1, 1};
        } else if (((unsigned char)bytes[i] & 0xC0U) != 0x80U) {
            place.column++;
        }
    }
    return place;
}

static mtp_status refuse_syntax(work *w, const char *bytes, size_t length)
{
    const yaml_parser_t *p = &w->parser;
    mtp_place place = place_of(p->problem_mark);
    const char *hint = "";

    if (p->error == YAML_MEMORY_ERROR) {
        return mtp_fail_nomem(w->err);
    }
    if (p->error == YAML_READER_ERROR) {
        place = place_of_byte(bytes,
                              p->problem_offset < length ? p->problem_offset : length);
    } else if (strstr(p->problem, "cannot start any token")) {
        hint = "; YAML is indented by blanks, and a text that begins with a tab or one "
               "of @ ` % wants quotes";
    } else if (strstr(p->problem, "mapping values are not allowed")) {
        hint = "; a text with a colon and a blank in it wants quotes";
    }
    (void)mtp_fail_at(w->err, MTP_E_SYNTAX, w->source, place.line, NULL,
                      "this is not YAML: %s%s%s%s", p->problem, p->context ? " " : "",
                      p->context ? p->context : "", hint);
    w->err->position = place.column;
    return MTP_E_SYNTAX;
}

/* A mapping's keys by their texts, then as they stand in the file. */
static int compare_keys(const void *a, const void *b)
{
    const mtp_yaml *x = *(const mtp_yaml *const *)a, *y = *(const mtp_yaml *const *)b;
    int order = strcmp(x->text, y->text);

    return order != 0                       ? order
           : x->place.line != y->place.line ? (x->place.line < y->place.line ? -1 : 1)
           : x->place.column < y->place.column ? -1
                                               : 1;
}

static mtp_status check_keys(work *w, const mtp_yaml *mapping)
{
    mtp_arena_mark mark = mtp_arena_save(w->arena);
    const mtp_yaml **key = MTP_ARENA_ARRAY(w->arena, mapping->count, const mtp_yaml *);
    size_t n = 0;
    mtp_status status = MTP_OK;

    if (!key) {
        return mtp_fail_nomem(w->err);
    }
    for (const mtp_yaml *at = mapping->first; at; at = at->next->next) {
        key[n++] = at;
    }
    qsort(key, n, sizeof *key, compare_keys);
    for (size_t i = 1; i < n && status == MTP_OK; i++) {
        if (strcmp(key[i - 1]->text, key[i]->text) == 0) {
            status =
                mtp_fail_at(w->err, MTP_E_DATA, w->source, key[i]->place.line, NULL,
                            "the key '%s' is given twice; line %zu has it already",
                            key[i]->text, key[i - 1]->place.line);
            w->err->position = key[i]->place.column;
        }
    }
    mtp_arena_release(w->arena, mark);
    return status;
}

/* Into the node that is open, or as the root. */
static mtp_status attach(work *w, mtp_yaml *node)
{
    level *open = w->depth > 0 ? &w->open[w->depth - 1] : NULL;

    if (!open) {
        w->root = node;
        return MTP_OK;
    }
    if (open->node->kind == MTP_YAML_MAPPING && !open->has_key &&
        node->kind != MTP_YAML_TEXT) {
        return refuse(w, MTP_E_SYNTAX, node->place, "a key is a text");
    }
    if (open->last) {
        open->last->next = node;
    } else {
        open->node->first = node;
    }
    open->last = node;
    if (open->node->kind == MTP_YAML_MAPPING) {
        open->has_key = !open->has_key;
        open->node->count += open->has_key;
    } else {
        open->node->count++;
    }
    return MTP_OK;
}

static mtp_status add_node(work *w, mtp_yaml_kind kind, const yaml_char_t *anchor,
                           const yaml_char_t *tag, mtp_yaml **made)
{
    mtp_place place = place_of(w->event.start_mark);
    mtp_yaml *node;

    if (anchor || tag) {
        return refuse(w, MTP_E_SYNTAX, place,
                      anchor
                          ? "anchors (&) are not read; an analysis takes over another "
                            "one by extends"
                          : "tags (!) are not read; every value is text, and quotes "
                            "keep it as it is");
    }
    if (++w->nodes > MTP_YAML_NODES) {
        return refuse(w, MTP_E_DATA, place, "the file has more than 200,000 values");
    }
    node = MTP_ARENA_NEW(w->arena, mtp_yaml);
    if (!node) {
        return mtp_fail_nomem(w->err);
    }
    node->kind = kind;
    node->place = place;
    *made = node;
    return attach(w, node);
}

static mtp_status add_text(work *w)
{
    const char *text = (const char *)w->event.data.scalar.value;
    size_t length = w->event.data.scalar.length;
    mtp_yaml *node = NULL;
    mtp_status status = add_node(w, MTP_YAML_TEXT, w->event.data.scalar.anchor,
                                 w->event.data.scalar.tag, &node);

    if (status != MTP_OK) {
        return status;
    }
    if (memchr(text, '\0', length)) {
        return refuse(w, MTP_E_SYNTAX, node->place, "a text holds the character NUL");
    }
    node->plain = w->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = mtp_arena_strndup(w->arena, text, length);
    return node->text ? MTP_OK : mtp_fail_nomem(w->err);
}

static mtp_status open_node(work *w, mtp_yaml_kind kind, const yaml_char_t *anchor,
                            const yaml_char_t *tag)
{
    mtp_yaml *node = NULL;
    mtp_status status;

    if (w->depth == MTP_YAML_DEPTH) {
        return refuse(w, MTP_E_DATA, place_of(w->event.start_mark),
                      "the file is nested more than 16 deep");
    }
    status = add_node(w, kind, anchor, tag, &node);
    if (status == MTP_OK) {
        w->open[w->depth++] = (level){.node = node};
    }
    return status;
}

static mtp_status close_node(work *w)
{
    const mtp_yaml *node = w->open[--w->depth].node;

    return node->kind == MTP_YAML_MAPPING ? check_keys(w, node) : MTP_OK;
}

static mtp_status take_event(work *w)
{
    switch (w->event.type) {
    case YAML_DOCUMENT_START_EVENT:
        return w->root ? refuse(w, MTP_E_SYNTAX, place_of(w->event.start_mark),
                                "a second document begins; an analysis file is one")
                       : MTP_OK;
    case YAML_ALIAS_EVENT:
        return refuse(
            w, MTP_E_SYNTAX, place_of(w->event.start_mark),
            "aliases (*) are not read; a text that begins with * wants quotes");
    case YAML_SCALAR_EVENT:
        return add_text(w);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(w, MTP_YAML_SEQUENCE, w->event.data.sequence_start.anchor,
                         w->event.data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return open_node(w, MTP_YAML_MAPPING, w->event.data.mapping_start.anchor,
                         w->event.data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_node(w);
    default:
        return MTP_OK;
    }
}

static mtp_status parse_events(work *w, const char *bytes, size_t length)
{
    mtp_status status = MTP_OK;
    bool ended = false;

    while (status == MTP_OK && !ended) {
        if (!yaml_parser_parse(&w->parser, &w->event)) {
            return refuse_syntax(w, bytes, length);
        }
        ended = w->event.type == YAML_STREAM_END_EVENT;
        status = take_event(w);
        yaml_event_delete(&w->event);
    }
    return status;
}

mtp_status mtp_yaml_parse(const char *source, const char *bytes, size_t length,
                          mtp_arena *arena, const mtp_yaml **root, mtp_error *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    mtp_error ignored;
    work w = {.source = source, .arena = arena, .err = err ? err : &ignored};
    mtp_status status;

    if (length > MTP_YAML_BYTES) {
        return mtp_fail_at(err, MTP_E_DATA, source, 0, NULL,
                           "the file is larger than 4 MiB");
    }
    if (length >= 3 && memcmp(bytes, mark, 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    if (!yaml_parser_initialize(&w.parser)) {
        return mtp_fail_nomem(err);
    }
    yaml_parser_set_encoding(&w.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&w.parser, (const unsigned char *)bytes, length);
    status = parse_events(&w, bytes, length);
    yaml_parser_delete(&w.parser);
    if (status == MTP_OK) {
        *root = w.root;
    }
    return status;
}
