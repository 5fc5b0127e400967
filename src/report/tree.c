/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/tree.h"

#include "core/arena.h"
#include "core/error.h"
#include "core/nearest.h"
#include "core/strbuf.h"
#include "report/json.h"
#include "report/node.h"
#include "report/path.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct mtp_tree {
    json_t *root;
};

enum { SHOWN = 12 }; /* keys and elements that a message lists */

static mtp_status keep(json_t *root, mtp_tree **tree, mtp_error *err)
{
    mtp_tree *made = malloc(sizeof *made);

    if (!made) {
        json_decref(root);
        return mtp_fail_nomem(err);
    }
    made->root = root;
    *tree = made;
    return MTP_OK;
}

mtp_status mtp_tree_of_bundle(const mtp_bundle *bundle, mtp_tree **tree, mtp_error *err)
{
    mtp_json j = {false, false};
    json_t *root = mtp_json_bundle(&j, bundle);

    if (j.failed) {
        json_decref(root);
        return mtp_fail_nomem(err);
    }
    return keep(root, tree, err);
}

/* Not malloc: a compiler may leave it out with its free. */
static bool is_memory_out(void)
{
    void *probe = mtp_heap_resize(NULL, 64);

    free(probe);
    return !probe;
}

/* Read twice: where memory runs out, jansson's lexer loses characters of a text without
 * a word, or calls that a syntax error. What both readings say is what the text says.
 */
mtp_status mtp_tree_of_text(const char *text, size_t length, mtp_tree **tree,
                            mtp_error *err)
{
    json_error_t problem;
    json_t *root = json_loadb(text, length, JSON_DECODE_INT_AS_REAL, &problem);
    json_t *again = json_loadb(text, length, JSON_DECODE_INT_AS_REAL, &problem);
    bool none = !root && !again && !is_memory_out();
    bool same = json_equal(root, again);

    json_decref(again);
    if (same) {
        return keep(root, tree, err);
    }
    json_decref(root);
    return none ? mtp_fail_at(err, MTP_E_SYNTAX, NULL,
                              problem.line > 0 ? (size_t)problem.line : 0, NULL,
                              "this is not JSON: %s", problem.text)
                : mtp_fail_nomem(err);
}

void mtp_tree_free(mtp_tree *tree)
{
    if (tree) {
        json_decref(tree->root);
        free(tree);
    }
}

mtp_status mtp_tree_check_path(const char *path, mtp_error *err)
{
    const char *at = path;
    mtp_path_step step;
    mtp_status status;

    do {
        status = mtp_path_next(path, &at, &step, err);
    } while (status == MTP_OK && step.kind != MTP_PATH_END);
    return status;
}

/* By what an element of a list is known. */
static const char *const names_of[] = {"level", "term",     "name",   "method",
                                       "study", "category", "test",   "contrast",
                                       "at",    "group",    "option", "value"};

enum { NAMES = sizeof names_of / sizeof *names_of };

static bool same_text(const json_t *value, const mtp_path_step *step)
{
    return json_is_string(value) && json_string_length(value) == step->length &&
           memcmp(json_string_value(value), step->text, step->length) == 0;
}

/* "factor: level" */
static bool is_level_of(const json_t *element, const mtp_path_step *step)
{
    const char *factor = json_string_value(json_object_get(element, "factor"));
    const char *level = json_string_value(json_object_get(element, "level"));
    size_t n = factor ? strlen(factor) : 0;

    return factor && level && step->length == n + 2 + strlen(level) &&
           memcmp(step->text, factor, n) == 0 && memcmp(step->text + n, ": ", 2) == 0 &&
           memcmp(step->text + n + 2, level, step->length - n - 2) == 0;
}

static bool is_called(const json_t *element, const mtp_path_step *step)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (same_text(json_object_get(element, names_of[i]), step)) {
            return true;
        }
    }
    return is_level_of(element, step);
}

/* What an element is known by; NULL: nothing. */
static const char *name_of(const json_t *element)
{
    for (size_t i = 0; i < NAMES; i++) {
        const char *name = json_string_value(json_object_get(element, names_of[i]));

        if (name) {
            return name;
        }
    }
    return NULL;
}

/* "; did you mean 'x'?", else the names that there are. */
static mtp_status not_there(const char *path, const mtp_path_step *step, size_t n,
                            const char *const names[], mtp_error *err)
{
    char typed[MTP_ERROR_COLUMN];
    int before = (int)(step->text - path);
    mtp_strbuf list;
    size_t near;

    mtp_strbuf_init(&list);
    mtp_strbuf_add_bytes(&list, step->text, step->length);
    mtp_copy_text(typed, sizeof typed, list.failed ? "" : list.text);
    mtp_strbuf_free(&list);
    near = mtp_nearest_name(typed, n, names);
    mtp_strbuf_init(&list);
    if (near < n) {
        mtp_strbuf_printf(&list, "did you mean '%s'?", names[near]);
    } else {
        mtp_strbuf_add(&list, n > 0 ? "there are " : "there is nothing");
        for (size_t i = 0; i < n && i < SHOWN; i++) {
            mtp_strbuf_printf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
        }
        mtp_strbuf_add(&list, n > SHOWN ? " and others" : "");
    }
    (void)mtp_fail(err, MTP_E_DATA, "%.*s has no '%s'; %s",
                   before > 1 ? before - 1 : 10, before > 1 ? path : "the result",
                   typed, list.failed ? "" : list.text);
    mtp_strbuf_free(&list);
    return MTP_E_DATA;
}

/* Names of members, by key or by what elements are called, for a message. */
static mtp_status missing(json_t *in, const char *path, const mtp_path_step *step,
                          mtp_error *err)
{
    size_t size = json_is_object(in) ? json_object_size(in) : json_array_size(in),
           n = 0;
    const char **names = malloc((size + 1) * sizeof *names);
    const char *key;
    json_t *value;
    mtp_status status;

    if (!names) {
        return mtp_fail_nomem(err);
    }
    json_object_foreach(in, key, value)
    {
        names[n++] = key;
    }
    for (size_t i = 0; i < json_array_size(in); i++) {
        const char *name = name_of(json_array_get(in, i));

        if (name) {
            names[n++] = name;
        }
    }
    status = not_there(path, step, n, names, err);
    free(names);
    return status;
}

static mtp_status element(json_t *list, const char *path, const mtp_path_step *step,
                          json_t **found, mtp_error *err)
{
    json_t *only = NULL;
    size_t n = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *at = json_array_get(list, i);

        if (is_called(at, step)) {
            only = at;
            n++;
        }
    }
    if (n == 0) {
        return missing(list, path, step, err);
    }
    if (n > 1) {
        return mtp_fail(err, MTP_E_DATA,
                        "%zu elements are '%.*s' in %s; take one by its number, from 0",
                        n, (int)step->length, step->text, path);
    }
    *found = only;
    return MTP_OK;
}

static mtp_status go(json_t *from, const char *path, const mtp_path_step *step,
                     json_t **to, mtp_error *err)
{
    int before = (int)(step->text - path) - 1;

    if (step->kind == MTP_PATH_KEY) {
        char key[MTP_ERROR_MESSAGE];

        mtp_copy_text(key, sizeof key, "");
        if (json_is_object(from) && step->length < sizeof key) {
            memcpy(key, step->text, step->length);
            key[step->length] = '\0';
            *to = json_object_get(from, key);
        }
        if (json_is_object(from)) {
            return *to ? MTP_OK : missing(from, path, step, err);
        }
        return mtp_fail(err, MTP_E_DATA, "%.*s is %s, which has no keys", before, path,
                        json_is_array(from)  ? "a list"
                        : json_is_null(from) ? "null"
                                             : "a value");
    }
    if (!json_is_array(from)) {
        return mtp_fail(err, MTP_E_DATA, "%.*s is %s, not a list", before, path,
                        json_is_null(from) ? "null" : "no list");
    }
    if (step->kind == MTP_PATH_ELEMENT) {
        return element(from, path, step, to, err);
    }
    *to = json_array_get(from, step->index);
    return *to ? MTP_OK
               : mtp_fail(err, MTP_E_DATA, "%.*s has %zu elements; the first is 0",
                          before, path, json_array_size(from));
}

static mtp_found describe(const json_t *value)
{
    mtp_found found = {MTP_FOUND_NULL, (double)NAN, NULL};

    if (json_is_number(value)) {
        found.kind = MTP_FOUND_NUMBER;
        found.number = json_number_value(value);
    } else if (json_is_string(value)) {
        found.kind = MTP_FOUND_TEXT;
        found.text = json_string_value(value);
    } else if (json_is_boolean(value)) {
        found.kind = MTP_FOUND_FLAG;
        found.number = json_is_true(value) ? 1.0 : 0.0;
    } else if (json_is_array(value)) {
        found.kind = MTP_FOUND_LIST;
        found.number = (double)json_array_size(value);
    } else if (json_is_object(value)) {
        found.kind = MTP_FOUND_OBJECT;
    }
    return found;
}

static mtp_status find(json_t *here, const char *path, mtp_found *found, mtp_error *err)
{
    const char *at = path;
    mtp_path_step step;
    mtp_status status = mtp_path_next(path, &at, &step, err);

    while (status == MTP_OK && step.kind != MTP_PATH_END) {
        json_t *next = NULL;

        status = go(here, path, &step, &next, err);
        if (status == MTP_OK) {
            here = next;
            status = mtp_path_next(path, &at, &step, err);
        }
    }
    if (status == MTP_OK) {
        *found = describe(here);
    }
    return status;
}

mtp_status mtp_tree_find(const mtp_tree *tree, const char *path, mtp_found *found,
                         mtp_error *err)
{
    return find(tree->root, path, found, err);
}

/* Nodes are jansson's values under a name of their own. */
static json_t *json_of(mtp_node *node)
{
    return (json_t *)(void *)node;
}

static mtp_node *node_of(json_t *value)
{
    return (mtp_node *)(void *)value;
}

mtp_node *mtp_tree_root(const mtp_tree *tree)
{
    return node_of(tree->root);
}

mtp_node *mtp_node_get(mtp_node *node, const char *key)
{
    return node_of(json_object_get(json_of(node), key));
}

mtp_node *mtp_node_at(mtp_node *node, size_t index)
{
    return node_of(json_array_get(json_of(node), index));
}

size_t mtp_node_count(mtp_node *node)
{
    return json_is_object(json_of(node)) ? json_object_size(json_of(node))
                                         : json_array_size(json_of(node));
}

bool mtp_node_next(mtp_node *node, void **at, const char **key, mtp_node **value)
{
    *at = *at ? json_object_iter_next(json_of(node), *at)
              : json_object_iter(json_of(node));
    if (!*at) {
        return false;
    }
    *key = json_object_iter_key(*at);
    *value = node_of(json_object_iter_value(*at));
    return true;
}

mtp_status mtp_node_find(mtp_node *node, const char *path, mtp_found *found,
                         mtp_error *err)
{
    return find(json_of(node), path, found, err);
}

mtp_found mtp_node_value(mtp_node *node)
{
    return describe(json_of(node));
}

const char *mtp_node_text(mtp_node *node)
{
    return json_string_value(json_of(node));
}

const char *mtp_node_name(mtp_node *element)
{
    return name_of(json_of(element));
}

void mtp_node_write(mtp_node *node, mtp_strbuf *out)
{
    mtp_json_write(json_of(node), out);
}
