/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/path.h"

#include "core/error.h"

#include <string.h>

enum { INDEX_DIGITS = 9 };

static mtp_status bad_path(const char *path, const char *at, const char *what,
                           mtp_error *err)
{
    return mtp_fail(err, MTP_E_ARG, "'%s' is no path: %s at character %zu", path, what,
                    (size_t)(at - path) + 1);
}

/* The bracket that ends what stands from `at`; NULL: none. */
static const char *closing(const char *at)
{
    size_t depth = 1;

    for (; *at; at++) {
        depth += *at == '[';
        depth -= *at == ']';
        if (depth == 0) {
            return at;
        }
    }
    return NULL;
}

static mtp_status quoted(const char *path, const char **at, mtp_path_step *step,
                         mtp_error *err)
{
    const char *text = *at + 2, *end = strstr(text, "\"]");

    if (!end) {
        return bad_path(path, *at, "a text in quotes that does not end in \"]", err);
    }
    *step = (mtp_path_step){MTP_PATH_ELEMENT, text, (size_t)(end - text), 0};
    *at = end + 2;
    return MTP_OK;
}

static mtp_status bracket(const char *path, const char **at, mtp_path_step *step,
                          mtp_error *err)
{
    const char *text = *at + 1, *end = closing(text);
    size_t length;

    if (*text == '"') {
        return quoted(path, at, step, err);
    }
    if (!end || end == text) {
        return bad_path(path, *at,
                        end ? "nothing in brackets" : "a bracket without end", err);
    }
    length = (size_t)(end - text);
    *step = (mtp_path_step){MTP_PATH_ELEMENT, text, length, 0};
    if (strspn(text, "0123456789") == length && length <= INDEX_DIGITS) {
        step->kind = MTP_PATH_INDEX;
        for (size_t i = 0; i < length; i++) {
            step->index = 10 * step->index + (size_t)(text[i] - '0');
        }
    }
    *at = end + 1;
    return MTP_OK;
}

mtp_status mtp_path_next(const char *path, const char **at, mtp_path_step *step,
                         mtp_error *err)
{
    size_t length;

    if (**at == '\0' && *at != path) {
        *step = (mtp_path_step){MTP_PATH_END, *at, 0, 0};
        return MTP_OK;
    }
    if (**at == '[' && *at != path) {
        return bracket(path, at, step, err);
    }
    if (*at != path) {
        if (**at != '.') {
            return bad_path(path, *at, "neither a point nor a bracket", err);
        }
        ++*at;
    }
    length = strcspn(*at, ".[]");
    if (length == 0) {
        return bad_path(path, *at, "a key is missing", err);
    }
    *step = (mtp_path_step){MTP_PATH_KEY, *at, length, 0};
    *at += length;
    return MTP_OK;
}
