/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What differs between two results. */
#include "audit/snapshot.h"
#include "core/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 160 }; /* bytes of a value */

bool mtp_snapshot_near(double tolerance, double a, double b)
{
    double larger = fmax(fabs(a), fabs(b));

    return fabs(a - b) <= tolerance * larger || larger <= MTP_SNAPSHOT_ZERO;
}

const char *mtp_snapshot_shown(mtp_arena *arena, mtp_node *value)
{
    mtp_strbuf out, line;
    char cut[SHOWN + 1];
    const char *text = NULL;

    mtp_strbuf_init(&out);
    mtp_strbuf_init(&line);
    mtp_node_write(value, &out);
    for (size_t i = 0; !out.failed && i < out.length; i++) {
        if (out.text[i] != '\n') {
            mtp_strbuf_add_char(&line, out.text[i]);
        }
        while (out.text[i] == '\n' && out.text[i + 1] == ' ') {
            i++; /* indentation */
        }
    }
    if (!out.failed && !line.failed) {
        mtp_copy_text(cut, sizeof cut, line.text ? line.text : "");
        text = strlen(cut) < line.length ? mtp_arena_printf(arena, "%s...", cut)
                                         : mtp_arena_strdup(arena, cut);
    }
    mtp_strbuf_free(&out);
    mtp_strbuf_free(&line);
    return text;
}

static mtp_difference *add(mtp_differences *d, mtp_difference_kind kind)
{
    mtp_difference *item;

    if (d->n == d->capacity) {
        size_t capacity = d->capacity > 0 ? 2 * d->capacity : 64;

        item = mtp_arena_resize(d->arena, d->item, capacity, sizeof *item);
        if (!item) {
            d->no_memory = true;
            return NULL;
        }
        d->item = item;
        d->capacity = capacity;
    }
    item = &d->item[d->n];
    *item = (mtp_difference){
        .path = mtp_arena_strdup(d->arena, d->path.text ? d->path.text : ""),
        .kind = kind,
        .number = {(double)NAN, (double)NAN},
        .relative = (double)NAN,
    };
    d->no_memory = d->no_memory || !item->path;
    d->n += item->path != NULL;
    return item->path ? item : NULL;
}

/* before or after may be NULL. */
static void differ(mtp_differences *d, mtp_difference_kind kind, mtp_node *before,
                   mtp_node *after)
{
    mtp_difference *item = add(d, kind);

    if (item && before) {
        item->before = mtp_snapshot_shown(d->arena, before);
        d->no_memory = d->no_memory || !item->before;
    }
    if (item && after) {
        item->after = mtp_snapshot_shown(d->arena, after);
        d->no_memory = d->no_memory || !item->after;
    }
    if (item && kind == MTP_DIFFERENCE_NUMBER) {
        item->number[0] = mtp_node_value(before).number;
        item->number[1] = mtp_node_value(after).number;
        if (item->number[0] != 0.0) {
            item->relative =
                (item->number[1] - item->number[0]) / fabs(item->number[0]);
        }
    }
}

static void compare(mtp_differences *d, mtp_node *before, mtp_node *after);

/* The path without what was added after `length`. */
static void cut_path(mtp_differences *d, size_t length)
{
    if (d->path.text) {
        d->path.length = length;
        d->path.text[length] = '\0';
    }
}

static size_t add_key(mtp_differences *d, const char *key)
{
    size_t length = d->path.length;

    mtp_strbuf_printf(&d->path, "%s%s", length > 0 ? "." : "", key);
    return length;
}

static size_t add_element(mtp_differences *d, const char *name, size_t index)
{
    size_t length = d->path.length;
    bool quoted =
        name && (strpbrk(name, "[]\"") || strspn(name, "0123456789") == strlen(name));

    if (name) {
        mtp_strbuf_printf(&d->path, quoted ? "[\"%s\"]" : "[%s]", name);
    } else {
        mtp_strbuf_printf(&d->path, "[%zu]", index);
    }
    return length;
}

/* What tables and options tell, or what says nothing of the data: how many steps an
 * iteration takes hangs on the last digits. */
static bool is_told_elsewhere(const mtp_differences *d, const char *key,
                              mtp_node *value)
{
    static const char *const paths[] = {"metapool_version", "data.sha256", "options"};
    bool count = strcmp(key, "row") == 0 || strcmp(key, "line") == 0 ||
                 strcmp(key, "iterations") == 0;
    mtp_found_kind kind = mtp_node_value(value).kind;

    if (count && (kind == MTP_FOUND_NUMBER || kind == MTP_FOUND_NULL)) {
        return true;
    }
    for (size_t i = 0; d->path.text && i < sizeof paths / sizeof *paths; i++) {
        if (strcmp(d->path.text, paths[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void compare_objects(mtp_differences *d, mtp_node *before, mtp_node *after)
{
    void *at = NULL;
    const char *key;
    mtp_node *value;

    while (mtp_node_next(before, &at, &key, &value)) {
        size_t length = add_key(d, key);
        mtp_node *other = mtp_node_get(after, key);

        if (is_told_elsewhere(d, key, value)) {
            /* nothing */
        } else if (other) {
            compare(d, value, other);
        } else {
            differ(d, MTP_DIFFERENCE_GONE, value, NULL);
        }
        cut_path(d, length);
    }
    at = NULL;
    while (mtp_node_next(after, &at, &key, &value)) {
        size_t length = add_key(d, key);

        if (!mtp_node_get(before, key) && !is_told_elsewhere(d, key, value)) {
            differ(d, MTP_DIFFERENCE_NEW, NULL, value);
        }
        cut_path(d, length);
    }
}

/* An element by what it is called. */
typedef struct named {
    const char *name;
    size_t index;
} named;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const named *)a)->name, ((const named *)b)->name);
}

/* The elements in the order of their names; NULL where one has none, or two have one,
 * or without memory. */
static named *names_of(mtp_differences *d, mtp_node *list)
{
    size_t n = mtp_node_count(list);
    named *item = NULL;

    for (size_t i = 0; i < n; i++) {
        const char *name = mtp_node_name(mtp_node_at(list, i));

        if (!name) {
            return NULL;
        }
        item = item ? item : MTP_ARENA_ARRAY(d->arena, n, named);
        if (!item) {
            d->no_memory = true;
            return NULL;
        }
        item[i] = (named){name, i};
    }
    if (item) {
        qsort(item, n, sizeof *item, by_name);
    }
    for (size_t i = 1; item && i < n; i++) {
        if (strcmp(item[i - 1].name, item[i].name) == 0) {
            return NULL;
        }
    }
    return item;
}

static mtp_node *lookup(const named item[], mtp_node *list, const char *name,
                        size_t *index)
{
    named wanted = {name, 0};
    const named *found =
        bsearch(&wanted, item, mtp_node_count(list), sizeof *item, by_name);

    if (!found) {
        return NULL;
    }
    *index = found->index;
    return mtp_node_at(list, found->index);
}

static void compare_named(mtp_differences *d, mtp_node *before, mtp_node *after,
                          const named of_before[], const named of_after[])
{
    size_t index = 0, last = 0;
    bool any = false, ordered = true;

    for (size_t i = 0; i < mtp_node_count(before); i++) {
        mtp_node *value = mtp_node_at(before, i);
        const char *name = mtp_node_name(value);
        mtp_node *other = lookup(of_after, after, name, &index);
        size_t length = add_element(d, name, i);

        if (other) {
            ordered = ordered && (!any || index > last);
            last = index;
            any = true;
            compare(d, value, other);
        } else {
            differ(d, MTP_DIFFERENCE_GONE, value, NULL);
        }
        cut_path(d, length);
    }
    for (size_t i = 0; i < mtp_node_count(after); i++) {
        mtp_node *value = mtp_node_at(after, i);
        const char *name = mtp_node_name(value);
        size_t length = add_element(d, name, i);

        if (!lookup(of_before, before, name, &index)) {
            differ(d, MTP_DIFFERENCE_NEW, NULL, value);
        }
        cut_path(d, length);
    }
    if (!ordered) {
        differ(d, MTP_DIFFERENCE_ORDER, NULL, NULL);
    }
}

static void compare_lists(mtp_differences *d, mtp_node *before, mtp_node *after)
{
    size_t n = mtp_node_count(before), m = mtp_node_count(after);
    const named *of_before = names_of(d, before);
    const named *of_after = of_before ? names_of(d, after) : NULL;

    if (of_after) {
        compare_named(d, before, after, of_before, of_after);
        return;
    }
    for (size_t i = 0; i < (n > m ? n : m); i++) {
        size_t length = add_element(d, NULL, i);

        if (i < n && i < m) {
            compare(d, mtp_node_at(before, i), mtp_node_at(after, i));
        } else {
            differ(d, i < n ? MTP_DIFFERENCE_GONE : MTP_DIFFERENCE_NEW,
                   mtp_node_at(before, i), mtp_node_at(after, i));
        }
        cut_path(d, length);
    }
}

static void compare(mtp_differences *d, mtp_node *before, mtp_node *after)
{
    mtp_found a = mtp_node_value(before), b = mtp_node_value(after);

    if (a.kind != b.kind) {
        differ(d, MTP_DIFFERENCE_VALUE, before, after);
        return;
    }
    switch (a.kind) {
    case MTP_FOUND_OBJECT:
        compare_objects(d, before, after);
        break;
    case MTP_FOUND_LIST:
        compare_lists(d, before, after);
        break;
    case MTP_FOUND_NUMBER:
        if (!mtp_snapshot_near(d->tolerance, a.number, b.number)) {
            differ(d, MTP_DIFFERENCE_NUMBER, before, after);
        }
        break;
    case MTP_FOUND_TEXT:
        if (strcmp(a.text, b.text) != 0) {
            differ(d, MTP_DIFFERENCE_VALUE, before, after);
        }
        break;
    case MTP_FOUND_FLAG:
        if ((a.number != 0.0) != (b.number != 0.0)) {
            differ(d, MTP_DIFFERENCE_VALUE, before, after);
        }
        break;
    case MTP_FOUND_NULL:
        break;
    }
}

/* Numbers before other values; what was 0 has changed beyond all measure. */
static double size_of(const mtp_difference *difference)
{
    if (difference->kind != MTP_DIFFERENCE_NUMBER) {
        return -1.0;
    }
    return isnan(difference->relative) ? (double)INFINITY : fabs(difference->relative);
}

static int by_size(const void *a, const void *b)
{
    const mtp_difference *x = a, *y = b;
    double of_x = size_of(x), of_y = size_of(y);

    return of_x > of_y ? -1 : of_x < of_y ? 1 : strcmp(x->path, y->path);
}

void mtp_snapshot_results(mtp_differences *into, mtp_node *before, mtp_node *after)
{
    mtp_strbuf_init(&into->path);
    compare(into, before, after);
    into->no_memory = into->no_memory || into->path.failed;
    mtp_strbuf_free(&into->path);
    if (into->n > 0) {
        qsort(into->item, into->n, sizeof *into->item, by_size);
    }
}
