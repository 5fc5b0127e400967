/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaves: what is between the operators of a formula; which of them are the same. */
#include "core/error.h"
#include "design/formula.h"

#include <string.h>

/* One character of a name, doubled quotes once; moves *at on. */
static char next_of_name(const char **at, bool quoted)
{
    char c = *(*at)++;

    if (quoted && c == '"') {
        (*at)++;
    }
    return c;
}

static bool is_quoted(const char *text)
{
    return mtp_is_word(text, strlen(text), MTP_WORD_QUOTED);
}

static bool is_bare(const char *text)
{
    return mtp_is_word(text, strlen(text), MTP_WORD_NAME);
}

bool mtp_same_characters(const char *a, const char *b)
{
    bool qa = is_quoted(a), qb = is_quoted(b);
    const char *end_a = a + strlen(a) - qa, *end_b = b + strlen(b) - qb;

    a += qa;
    b += qb;
    while (a < end_a && b < end_b) {
        if (next_of_name(&a, qa) != next_of_name(&b, qb)) {
            return false;
        }
    }
    return a == end_a && b == end_b;
}

bool mtp_same_variable(const char *a, const char *b)
{
    bool qa = is_quoted(a), qb = is_quoted(b);

    /* A quoted name is none of SQL that has its characters. */
    return qa == qb ? strcmp(a, b) == 0
                    : is_bare(qa ? b : a) && mtp_same_characters(a, b);
}

bool mtp_same_leaf(const mtp_leaf *a, const char *variable_a, const mtp_leaf *b,
                   const char *variable_b)
{
    if (a->kind != b->kind || a->degree != b->degree || a->raw != b->raw ||
        a->n_knots != b->n_knots || !a->knots != !b->knots ||
        !mtp_same_variable(variable_a, variable_b)) {
        return false;
    }
    for (size_t i = 0; a->knots && i < a->n_knots; i++) {
        if (a->knots[i] != b->knots[i]) {
            return false;
        }
    }
    return true;
}

/* The name without its quotes, where it does not need them; else as it is. */
static const char *shortest_name(mtp_arena *arena, const char *quoted)
{
    size_t length = strlen(quoted) - 2;

    if (mtp_is_word(quoted + 1, length, MTP_WORD_NAME)) {
        return mtp_arena_strndup(arena, quoted + 1, length);
    }
    return quoted;
}

/* What is in the parentheses, without them and the blanks in them. */
static const char *content(mtp_arena *arena, const mtp_word *sql)
{
    static const char blanks[] = " \t\r\n";
    const char *start = sql->at + 1, *end = sql->at + sql->length - 1;

    start += strspn(start, blanks);
    while (end > start && strchr(blanks, end[-1])) {
        end--;
    }
    return mtp_arena_strndup(arena, start, start < end ? (size_t)(end - start) : 0);
}

mtp_status mtp_read_source(mtp_formula_reader *r, mtp_leaf_source *out)
{
    mtp_word w = r->word;
    const char *text;

    if (w.type != MTP_WORD_NAME && w.type != MTP_WORD_QUOTED &&
        w.type != MTP_WORD_SQL) {
        return mtp_reader_fail(r, w.at, "here a column, or SQL in parentheses, is due");
    }
    text = w.type == MTP_WORD_SQL ? content(r->arena, &w)
                                  : mtp_arena_strndup(r->arena, w.at, w.length);
    if (!text) {
        return mtp_fail_nomem(r->err);
    }
    if (*text == '\0') {
        return mtp_reader_fail(r, w.at, "there is nothing in these parentheses");
    }
    *out = (mtp_leaf_source){text, text, text};
    if (is_quoted(text)) {
        out->name = out->inner = shortest_name(r->arena, text);
    } else if (!is_bare(text)) {
        out->inner = mtp_arena_printf(r->arena, "(%s)", text);
    }
    if (!out->name || !out->inner) {
        return mtp_fail_nomem(r->err);
    }
    mtp_reader_next(r);
    return MTP_OK;
}

/* The leaf among those that are there already, or a new one. */
static mtp_status keep_leaf(mtp_formula_reader *r, mtp_leaf *leaf,
                            const mtp_leaf_source *from, size_t *index)
{
    size_t v = 0;

    for (size_t i = 0; i < r->n_leaves; i++) {
        if (mtp_same_leaf(&r->leaf[i], r->variable[r->leaf[i].variable], leaf,
                          from->variable)) {
            *index = i;
            return MTP_OK;
        }
    }
    if (r->n_leaves == MTP_FORMULA_LEAVES) {
        return mtp_reader_fail(r, r->text + leaf->position,
                               "a formula has at most %d different leaves",
                               MTP_FORMULA_LEAVES);
    }
    while (v < r->n_variables && !mtp_same_variable(r->variable[v], from->variable)) {
        v++;
    }
    if (v == r->n_variables) {
        r->variable[r->n_variables++] = from->variable;
    }
    leaf->variable = v;
    leaf->name = from->name;
    *index = r->n_leaves;
    r->leaf[r->n_leaves++] = *leaf;
    return MTP_OK;
}

mtp_status mtp_read_leaf(mtp_formula_reader *r, size_t *index)
{
    mtp_leaf leaf = {.kind = MTP_LEAF_VALUE,
                     .position = (size_t)(r->word.at - r->text)};
    mtp_leaf_source from = {0};
    mtp_status status;

    switch (r->word.type) {
    case MTP_WORD_NAME:
    case MTP_WORD_QUOTED:
    case MTP_WORD_SQL:
        break;
    case MTP_WORD_NUMBER:
        return mtp_reader_fail(r, r->word.at,
                               "a number is no term; 0 and 1 stand for the intercept, "
                               "alone between signs");
    case MTP_WORD_BAD:
        return mtp_reader_fail(r, r->word.at, "%s", r->word.problem);
    case MTP_WORD_MARK:
    case MTP_WORD_END:
        return mtp_reader_fail(r, r->word.at,
                               "here a term is due: a column, poly(), rcs(), factor() "
                               "or SQL in parentheses");
    }
    status = mtp_word_is_call(&r->word) ? mtp_read_call(r, &leaf, &from)
                                        : mtp_read_source(r, &from);
    return status == MTP_OK ? keep_leaf(r, &leaf, &from, index) : status;
}

mtp_status mtp_read_product(mtp_formula_reader *r, mtp_leaf_set *set)
{
    mtp_leaf_set product = 0;
    mtp_status status;
    size_t leaf = 0;

    do {
        if (product) {
            mtp_reader_next(r);
        }
        status = mtp_read_leaf(r, &leaf);
        if (status != MTP_OK) {
            return status;
        }
        product |= (mtp_leaf_set)1 << leaf;
    } while (mtp_reader_at(r, ':'));
    *set = product;
    return MTP_OK;
}
