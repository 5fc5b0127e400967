/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operators of formulas, and the handle. */
#include "design/formula.h"

#include "core/error.h"

#include <string.h>

/* The handle: the caller sees its first member. */
typedef struct owned_formula {
    mtp_formula formula;
    mtp_arena *arena;
} owned_formula;

static size_t find_set(const mtp_term_list *list, mtp_leaf_set set)
{
    size_t i = 0;

    while (i < list->n && list->set[i] != set) {
        i++;
    }
    return i;
}

static mtp_status add_set(const mtp_formula_reader *r, const char *at,
                          mtp_term_list *list, mtp_leaf_set set)
{
    if (find_set(list, set) < list->n) {
        return MTP_OK;
    }
    if (list->n == MTP_FORMULA_TERMS) {
        return mtp_reader_fail(r, at, "with this the formula has more than %d terms",
                               MTP_FORMULA_TERMS);
    }
    list->set[list->n++] = set;
    return MTP_OK;
}

static bool remove_set(mtp_term_list *list, mtp_leaf_set set)
{
    size_t at = find_set(list, set);

    if (at == list->n) {
        return false;
    }
    list->n--;
    memmove(&list->set[at], &list->set[at + 1], (list->n - at) * sizeof list->set[0]);
    return true;
}

/* list becomes list * set: what is there, set, and each of the first with it. */
static mtp_status cross(const mtp_formula_reader *r, const char *at,
                        mtp_term_list *list, mtp_leaf_set set)
{
    size_t n = list->n;
    mtp_status status = add_set(r, at, list, set);

    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        status = add_set(r, at, list, list->set[i] | set);
    }
    return status;
}

/* Products joined by '*'. */
static mtp_status read_crossed(mtp_formula_reader *r, mtp_term_list *list)
{
    list->n = 0;
    for (;;) {
        const char *at = r->word.at;
        mtp_leaf_set set = 0;
        mtp_status status = mtp_read_product(r, &set);

        if (status == MTP_OK) {
            status = cross(r, at, list, set);
        }
        if (status != MTP_OK || !mtp_reader_at(r, '*')) {
            return status;
        }
        mtp_reader_next(r);
    }
}

/* What is between or behind terms and should not be. */
static mtp_status unexpected(const mtp_formula_reader *r)
{
    const mtp_word *w = &r->word;

    if (w->type == MTP_WORD_BAD) {
        return mtp_reader_fail(r, w->at, "%s", w->problem);
    }
    if (w->type == MTP_WORD_MARK && strchr("/^%|~<>=!", w->mark)) {
        return mtp_reader_fail(r, w->at,
                               "formulas have the operators + - * and : and "
                               "no left side; SQL stands in parentheses: (x / 10)");
    }
    if (w->type == MTP_WORD_MARK && w->mark == ')') {
        return mtp_reader_fail(r, w->at, "nothing is open that this would close");
    }
    return mtp_reader_fail(r, w->at,
                           "between two terms stands + - * or :; a name with blanks "
                           "or signs in it stands in double quotes");
}

/* 0 or 1 between signs: MTP_OK with *is set. */
static bool read_intercept(mtp_formula_reader *r, bool minus, bool *intercept)
{
    mtp_word w = r->word;
    bool one;

    if (w.type != MTP_WORD_NUMBER || w.length != 1 || (*w.at != '0' && *w.at != '1')) {
        return false;
    }
    one = *w.at == '1';
    mtp_reader_next(r);
    if (r->word.type != MTP_WORD_END && !mtp_reader_at(r, '+') &&
        !mtp_reader_at(r, '-')) {
        r->word = w;
        return false;
    }
    *intercept = one != minus;
    return true;
}

static mtp_status read_part(mtp_formula_reader *r, bool minus, mtp_term_list *terms,
                            bool *intercept)
{
    mtp_term_list part;
    const char *at = r->word.at;
    mtp_status status;
    bool removed = false;

    if (read_intercept(r, minus, intercept)) {
        return MTP_OK;
    }
    status = read_crossed(r, &part);
    for (size_t i = 0; status == MTP_OK && i < part.n; i++) {
        if (minus) {
            removed = remove_set(terms, part.set[i]) || removed;
        } else {
            status = add_set(r, at, terms, part.set[i]);
        }
    }
    if (status == MTP_OK && minus && !removed) {
        return mtp_reader_fail(r, at,
                               "no such term stands before it to be taken away; a "
                               "column with a '-' in its name stands in double quotes");
    }
    return status;
}

static mtp_status read_terms(mtp_formula_reader *r, mtp_term_list *terms,
                             bool *intercept)
{
    mtp_status status;

    if (mtp_reader_at(r, '~')) {
        mtp_reader_next(r);
    }
    if (r->word.type == MTP_WORD_END) {
        return mtp_fail(r->err, MTP_E_SYNTAX, "the formula is empty");
    }
    do {
        bool minus;

        if (mtp_reader_at(r, '+')) {
            mtp_reader_next(r);
        }
        minus = mtp_reader_at(r, '-');
        if (minus) {
            mtp_reader_next(r);
        }
        status = read_part(r, minus, terms, intercept);
    } while (status == MTP_OK && (mtp_reader_at(r, '+') || mtp_reader_at(r, '-')));
    if (status == MTP_OK && r->word.type != MTP_WORD_END) {
        return unexpected(r);
    }
    return status;
}

mtp_status mtp_formula_read(mtp_arena *arena, const char *text, mtp_formula *formula,
                            mtp_error *err)
{
    mtp_formula_reader r;
    mtp_term_list terms = {0};
    bool intercept = true;
    mtp_status status = mtp_reader_start(&r, arena, text, err);

    if (status == MTP_OK) {
        status = read_terms(&r, &terms, &intercept);
    }
    if (status != MTP_OK) {
        return status;
    }
    if (terms.n == 0 && !intercept) {
        return mtp_fail(err, MTP_E_SYNTAX,
                        "the formula has neither terms nor an intercept");
    }
    return mtp_formula_finish(&r, &terms, intercept, formula);
}

mtp_status mtp_formula_parse(const char *text, mtp_formula **formula, mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    owned_formula *owned = arena ? MTP_ARENA_NEW(arena, owned_formula) : NULL;
    mtp_status status;

    if (!owned) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    owned->arena = arena;
    status = mtp_formula_read(arena, text, &owned->formula, err);
    if (status != MTP_OK) {
        mtp_arena_free(arena);
        return status;
    }
    *formula = &owned->formula;
    return MTP_OK;
}

void mtp_formula_free(mtp_formula *formula)
{
    if (formula) {
        mtp_arena_free(((owned_formula *)formula)->arena);
    }
}
