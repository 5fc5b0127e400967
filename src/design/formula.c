/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operators of formulas, and what they leave: terms in order, with names. */
#include "design/formula.h"

#include "core/error.h"
#include "core/utf8.h"

#include <stdio.h>
#include <string.h>

/* Terms in the order in which they came. */
typedef struct term_list {
    size_t n;
    mtp_leaf_set set[MTP_FORMULA_TERMS];
} term_list;

/* The handle: the caller sees its first member. */
typedef struct owned_formula {
    mtp_formula formula;
    mtp_arena *arena;
} owned_formula;

enum { SHOWN = 24 }; /* characters of the formula in a message */

static size_t characters(const char *from, const char *to)
{
    size_t n = 0;
    uint32_t code;

    for (; from < to; n++) {
        from += mtp_utf8_next(from, &code);
    }
    return n;
}

/* The bytes of the first SHOWN characters. */
static int shown_bytes(const char *at)
{
    const char *end = at;
    uint32_t code;

    for (int i = 0; i < SHOWN && *end; i++) {
        end += mtp_utf8_next(end, &code);
    }
    return (int)(end - at);
}

mtp_status mtp_reader_fail(const mtp_formula_reader *r, const char *at,
                           const char *format, ...)
{
    char message[MTP_ERROR_MESSAGE];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args); /* NOLINT: args is started */
    va_end(args);
    if (*at == '\0') {
        return mtp_fail(r->err, MTP_E_SYNTAX, "at the end of the formula '%.*s%s': %s",
                        shown_bytes(r->text), r->text,
                        r->text[shown_bytes(r->text)] ? "..." : "", message);
    }
    return mtp_fail(r->err, MTP_E_SYNTAX, "character %zu of the formula, '%.*s%s': %s",
                    characters(r->text, at) + 1, shown_bytes(at), at,
                    at[shown_bytes(at)] ? "..." : "", message);
}

mtp_status mtp_reader_start(mtp_formula_reader *reader, mtp_arena *arena,
                            const char *text, mtp_error *err)
{
    if (strlen(text) > MTP_FORMULA_BYTES) {
        return mtp_fail(err, MTP_E_SYNTAX, "a formula has at most %d characters",
                        MTP_FORMULA_BYTES);
    }
    reader->arena = arena;
    reader->err = err;
    reader->text = text;
    reader->word = mtp_word_at(text);
    reader->n_variables = reader->n_leaves = 0;
    return MTP_OK;
}

void mtp_reader_next(mtp_formula_reader *reader)
{
    reader->word = mtp_word_at(reader->word.at + reader->word.length);
}

bool mtp_reader_at(const mtp_formula_reader *reader, char mark)
{
    return reader->word.type == MTP_WORD_MARK && reader->word.mark == mark;
}

static size_t find_set(const term_list *list, mtp_leaf_set set)
{
    size_t i = 0;

    while (i < list->n && list->set[i] != set) {
        i++;
    }
    return i;
}

static mtp_status add_set(const mtp_formula_reader *r, const char *at, term_list *list,
                          mtp_leaf_set set)
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

static bool remove_set(term_list *list, mtp_leaf_set set)
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
static mtp_status cross(const mtp_formula_reader *r, const char *at, term_list *list,
                        mtp_leaf_set set)
{
    size_t n = list->n;
    mtp_status status = add_set(r, at, list, set);

    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        status = add_set(r, at, list, list->set[i] | set);
    }
    return status;
}

/* Products joined by '*'. */
static mtp_status read_crossed(mtp_formula_reader *r, term_list *list)
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

static mtp_status read_part(mtp_formula_reader *r, bool minus, term_list *terms,
                            bool *intercept)
{
    term_list part;
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

static mtp_status read_terms(mtp_formula_reader *r, term_list *terms, bool *intercept)
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

static size_t order_of(mtp_leaf_set set)
{
    size_t n = 0;

    for (; set; set &= set - 1) {
        n++;
    }
    return n;
}

/* Main effects first, then two leaves, ...: insertion keeps the order otherwise. */
static void sort_terms(term_list *terms)
{
    for (size_t i = 1; i < terms->n; i++) {
        mtp_leaf_set set = terms->set[i];
        size_t j = i;

        for (; j > 0 && order_of(terms->set[j - 1]) > order_of(set); j--) {
            terms->set[j] = terms->set[j - 1];
        }
        terms->set[j] = set;
    }
}

/* Take leaves and variables out that no term has. */
static void drop_unused(mtp_formula_reader *r, term_list *terms)
{
    mtp_leaf_set used = 0;
    size_t place[MTP_FORMULA_LEAVES], n = 0;
    const char *variable[MTP_FORMULA_LEAVES];
    size_t n_variables = 0;

    for (size_t t = 0; t < terms->n; t++) {
        used |= terms->set[t];
    }
    for (size_t i = 0; i < r->n_leaves; i++) {
        place[i] = n;
        if (used >> i & 1) {
            r->leaf[n++] = r->leaf[i];
        }
    }
    for (size_t t = 0; t < terms->n; t++) {
        mtp_leaf_set set = 0;

        for (size_t i = 0; i < r->n_leaves; i++) {
            if (terms->set[t] >> i & 1) {
                set |= (mtp_leaf_set)1 << place[i];
            }
        }
        terms->set[t] = set;
    }
    r->n_leaves = n;
    for (size_t i = 0; i < n; i++) {
        size_t v = 0;

        while (v < n_variables && variable[v] != r->variable[r->leaf[i].variable]) {
            v++;
        }
        if (v == n_variables) {
            variable[n_variables++] = r->variable[r->leaf[i].variable];
        }
        place[i] = v;
    }
    for (size_t i = 0; i < n; i++) {
        r->leaf[i].variable = place[i];
    }
    memcpy(r->variable, variable, n_variables * sizeof *variable);
    r->n_variables = n_variables;
}

const char *mtp_leaf_joined_name(mtp_arena *arena, const mtp_leaf *leaf)
{
    size_t length = strlen(leaf->name);

    if (leaf->kind != MTP_LEAF_VALUE ||
        mtp_is_word(leaf->name, length, MTP_WORD_NAME) ||
        mtp_is_word(leaf->name, length, MTP_WORD_QUOTED)) {
        return leaf->name;
    }
    return mtp_arena_printf(arena, "(%s)", leaf->name);
}

static mtp_status make_term(mtp_arena *arena, const mtp_leaf *leaf, mtp_leaf_set set,
                            mtp_formula_term *term)
{
    size_t *index = MTP_ARENA_ARRAY(arena, order_of(set), size_t);

    if (!index) {
        return MTP_E_NOMEM;
    }
    for (size_t i = 0; i < MTP_FORMULA_LEAVES; i++) {
        if (set >> i & 1) {
            index[term->n_leaves++] = i;
        }
    }
    term->leaf = index;
    term->name = leaf[index[0]].name;
    if (term->n_leaves > 1) {
        term->name = mtp_leaf_joined_name(arena, &leaf[index[0]]);
    }
    for (size_t j = 1; term->name && j < term->n_leaves; j++) {
        const char *joined = mtp_leaf_joined_name(arena, &leaf[index[j]]);

        term->name =
            joined ? mtp_arena_printf(arena, "%s:%s", term->name, joined) : NULL;
    }
    return term->name ? MTP_OK : MTP_E_NOMEM;
}

static mtp_status finish(const mtp_formula_reader *r, const term_list *terms,
                         bool intercept, mtp_formula *formula)
{
    mtp_leaf *leaf = MTP_ARENA_ARRAY(r->arena, r->n_leaves, mtp_leaf);
    const char **variable = MTP_ARENA_ARRAY(r->arena, r->n_variables, const char *);
    mtp_formula_term *term =
        mtp_arena_zalloc(r->arena, terms->n, sizeof(mtp_formula_term));
    const char *text = mtp_arena_strdup(r->arena, r->text);

    if (!leaf || !variable || !term || !text) {
        return mtp_fail_nomem(r->err);
    }
    memcpy(leaf, r->leaf, r->n_leaves * sizeof *leaf);
    memcpy(variable, r->variable, r->n_variables * sizeof *variable);
    for (size_t t = 0; t < terms->n; t++) {
        if (make_term(r->arena, leaf, terms->set[t], &term[t]) != MTP_OK) {
            return mtp_fail_nomem(r->err);
        }
    }
    *formula = (mtp_formula){.text = text,
                             .intercept = intercept,
                             .n_variables = r->n_variables,
                             .variable = variable,
                             .n_leaves = r->n_leaves,
                             .leaf = leaf,
                             .n_terms = terms->n,
                             .term = term};
    return MTP_OK;
}

mtp_status mtp_formula_read(mtp_arena *arena, const char *text, mtp_formula *formula,
                            mtp_error *err)
{
    mtp_formula_reader r;
    term_list terms = {0};
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
    sort_terms(&terms);
    drop_unused(&r, &terms);
    return finish(&r, &terms, intercept, formula);
}

mtp_status mtp_formula_parse(const char *text, mtp_formula **formula, mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    owned_formula *owned = arena ? MTP_ARENA_NEW(arena, owned_formula) : NULL;
    mtp_status status = owned ? mtp_formula_read(arena, text, &owned->formula, err)
                              : mtp_fail_nomem(err);

    if (status != MTP_OK) {
        mtp_arena_free(arena);
        return status;
    }
    owned->arena = arena;
    *formula = &owned->formula;
    return MTP_OK;
}

void mtp_formula_free(mtp_formula *formula)
{
    if (formula) {
        mtp_arena_free(((owned_formula *)formula)->arena);
    }
}
