/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counts of the studies of a mixed model. */
#include "explain/mixed.h"

#include <math.h>

static double raw_of(const mtp_mixed *m, size_t i, mtp_role role)
{
    const mtp_bundle *b = m->work->bundle;

    for (size_t r = 0; r < b->n_raw; r++) {
        if (b->raw_role[r] == role) {
            return b->studies[m->set->index[i]].raw[r];
        }
    }
    return (double)NAN;
}

bool mtp_mixed_read(mtp_mixed *m, const mtp_role role[],
                    bool (*carries)(const mtp_mixed *m, const double datum[]))
{
    mtp_solution *s = m->s;
    size_t n = m->set->k;
    size_t *at = MTP_ARENA_ARRAY(s->arena, n, size_t);
    const char **label = MTP_ARENA_ARRAY(s->arena, n, const char *);

    for (size_t d = 0; d < m->counts; d++) {
        m->datum[d] = MTP_ARENA_ARRAY(s->arena, n, double);
        m->column[d] = mtp_arena_printf(s->arena, "%s_i", m->name[d]);
        s->failed = s->failed || !m->datum[d] || !m->column[d];
    }
    if (s->failed || !at || !label) {
        s->failed = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        double datum[MTP_MIXED_DATA] = {0.0};

        for (size_t d = 0; d < m->counts; d++) {
            datum[d] = m->datum[d][m->k] = raw_of(m, i, role[d]);
        }
        if (!carries || carries(m, datum)) {
            label[m->k] = s->label[i];
            at[m->k++] = i;
        }
    }
    m->at = at;
    m->label = label;
    m->count = m->k == n ? "k" : "k_l";
    mtp_solution_know(s, m->count, (double)m->k);
    s->label = label;
    s->scope.k = m->k;
    return mtp_mixed_rule_make(m);
}

bool mtp_mixed_read_groups(mtp_mixed *m,
                           bool (*carries)(const mtp_mixed *m, const double datum[]))
{
    const mtp_role role[] = {MTP_ROLE_EVENTS1, m->rates ? MTP_ROLE_TIME1 : MTP_ROLE_N1,
                             MTP_ROLE_EVENTS2, m->rates ? MTP_ROLE_TIME2 : MTP_ROLE_N2};

    m->counts = 4;
    m->name[0] = "x1";
    m->name[1] = m->rates ? "t1" : "n1";
    m->name[2] = "x2";
    m->name[3] = m->rates ? "t2" : "n2";
    return mtp_mixed_read(m, role, carries);
}

size_t mtp_mixed_columns(const mtp_mixed *m, mtp_solution_column column[])
{
    for (size_t d = 0; d < m->counts; d++) {
        column[d] = (mtp_solution_column){.name = m->column[d], .values = m->datum[d]};
    }
    return m->counts;
}

size_t mtp_mixed_fitted(const mtp_mixed *m, mtp_solution_column column[])
{
    const char *const name[] = {m->fitted, m->spread};
    size_t n = 0;

    for (; n < 2 && name[n]; n++) {
        const mtp_quantity *q = mtp_scope_find(&m->s->scope, name[n]);

        column[n] =
            (mtp_solution_column){.name = name[n], .values = q ? q->column : NULL};
    }
    return n;
}

bool mtp_mixed_is_worked(const mtp_mixed *m, size_t i)
{
    const mtp_explain_work *work = m->work;
    const mtp_bundle *b = work->bundle;

    return work->all || (!work->chosen && i == 0) ||
           mtp_explain_is_chosen(work, b->studies[m->set->index[m->at[i]]].name);
}
