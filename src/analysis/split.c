/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/split.h"

#include "core/number.h"

#include <stdbool.h>
#include <string.h>

enum { LISTED = 12 }; /* names in a message */

/* One step through a text: how deep in parentheses, and within which quote. */
typedef struct state {
    int depth;
    char quote, before;
} state;

/* An apostrophe within a word is none ("Crohn's disease"). */
static bool opens_quote(const state *s, char c)
{
    unsigned char b = (unsigned char)s->before;
    bool word = (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') ||
                (b >= 'a' && b <= 'z') || b >= 0x80;

    return c == '"' || (c == '\'' && !word);
}

/* Pass over a character; whether it stands outside parentheses and quotes. */
static bool step(state *s, char c)
{
    bool outside = s->depth == 0 && !s->quote;

    if (s->quote) {
        s->quote = c == s->quote ? '\0' : s->quote;
    } else if (opens_quote(s, c)) {
        s->quote = c;
    } else if (c == '(') {
        s->depth++;
    } else if (c == ')' && s->depth > 0) {
        s->depth--;
    }
    s->before = c;
    return outside;
}

const char *mtp_split_find(const char *text, char mark)
{
    state s = {0};

    for (; *text; text++) {
        if (step(&s, *text) && *text == mark) {
            break;
        }
    }
    return text;
}

const char *mtp_split_find_last(const char *text, char mark)
{
    const char *last = NULL;
    state s = {0};

    for (; *text; text++) {
        if (step(&s, *text) && *text == mark) {
            last = text;
        }
    }
    return last;
}

static const char *trimmed(mtp_arena *arena, const char *text, size_t length)
{
    text = mtp_number_trim(text, &length);
    return mtp_arena_strndup(arena, text, length);
}

const char *const *mtp_split(mtp_arena *arena, const char *text, char mark, size_t *n)
{
    const char **part = MTP_ARENA_ARRAY(arena, strlen(text) + 1, const char *);
    size_t count = 0;

    while (part) {
        const char *end = mtp_split_find(text, mark);

        part[count] = trimmed(arena, text, (size_t)(end - text));
        if (!part[count++]) {
            return NULL;
        }
        if (!*end) {
            *n = count;
            break;
        }
        text = end + 1;
    }
    return part;
}

const char *const *mtp_split_lines(mtp_arena *arena, const char *list, size_t *n)
{
    const char **line = MTP_ARENA_ARRAY(arena, strlen(list) + 1, const char *);
    size_t count = 0;

    for (const char *at = list; line && at;) {
        size_t length = strcspn(at, "\n");

        line[count] = trimmed(arena, at, length);
        if (!line[count++]) {
            return NULL;
        }
        at = at[length] ? at + length + 1 : NULL;
    }
    *n = count;
    return line;
}

const char *mtp_split_unquote(mtp_arena *arena, const char *text)
{
    const char *bare = trimmed(arena, text, strlen(text));
    size_t length = bare ? strlen(bare) : 0, n = 0;
    char *out;

    if (!bare || length < 2 || bare[0] != '"' || bare[length - 1] != '"') {
        return bare;
    }
    out = mtp_arena_strdup(arena, bare);
    for (size_t i = 1; out && i + 1 < length; i++) {
        out[n++] = bare[i];
        i += bare[i] == '"' && bare[i + 1] == '"' && i + 2 < length;
    }
    if (out) {
        out[n] = '\0';
    }
    return out;
}

const char *mtp_split_list(mtp_arena *arena, size_t n, const char *const name[])
{
    size_t shown = n > LISTED ? LISTED : n;
    const char *text = "";

    for (size_t i = 0; text && i < shown; i++) {
        text = mtp_arena_printf(arena, "%s%s%s", text, i > 0 ? ", " : "", name[i]);
    }
    return text && n > shown
               ? mtp_arena_printf(arena, "%s and %zu more", text, n - shown)
               : text;
}
