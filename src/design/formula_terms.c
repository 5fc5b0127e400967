/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the operators of a formula leave: terms in order, with names. */
#include "core/error.h"
#include "design/formula.h"

#include <string.h>

static size_t order_of(mtp_leaf_set set)
{
    size_t n = 0;

    for (; set; set &= set - 1) {
        n++;
    }
    return n;
}

/* Main effects first, then two leaves, ...: insertion keeps the order otherwise. */
static void sort_terms(mtp_term_list *terms)
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

/* Take leaves out that no term has. */
static void drop_leaves(mtp_formula_reader *r, mtp_term_list *terms)
{
    mtp_leaf_set used = 0;
    size_t place[MTP_FORMULA_LEAVES], n = 0;

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
}

/* Take variables out that no leaf has; the others come in the order of the leaves. */
static void drop_variables(mtp_formula_reader *r)
{
    const char *variable[MTP_FORMULA_LEAVES];
    size_t n = 0;

    for (size_t i = 0; i < r->n_leaves; i++) {
        const char *its = r->variable[r->leaf[i].variable];
        size_t v = 0;

        while (v < n && variable[v] != its) {
            v++;
        }
        if (v == n) {
            variable[n++] = its;
        }
        r->leaf[i].variable = v;
    }
    memcpy(r->variable, variable, n * sizeof *variable);
    r->n_variables = n;
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

static mtp_status fill(const mtp_formula_reader *r, const mtp_term_list *terms,
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

mtp_status mtp_formula_finish(mtp_formula_reader *r, mtp_term_list *terms,
                              bool intercept, mtp_formula *formula)
{
    sort_terms(terms);
    drop_leaves(r, terms);
    drop_variables(r);
    return fill(r, terms, intercept, formula);
}
