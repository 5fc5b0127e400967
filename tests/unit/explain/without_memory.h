/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_EXPLAIN_WITHOUT_MEMORY_H
#define MTP_TEST_EXPLAIN_WITHOUT_MEMORY_H

#include "metapool/explain.h"

#include "core/arena.h"
#include "support/test.h"

/** One allocation after the other fails (of many only each so many: n grows by
 *  n / `dense`); nothing leaks or is left half made. Both are freed. */
static inline void assert_survives_without_memory(mtp_request *request,
                                                  mtp_table *table, size_t dense)
{
    mtp_status status = MTP_E_NOMEM;
    size_t failed = 0;

    for (size_t n = 1; status == MTP_E_NOMEM; n += 1 + n / dense) {
        char *text = NULL;
        mtp_bundle *bundle = NULL;

        mtp_arena_fail_after(n);
        status = mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL, NULL,
                             &bundle, NULL, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || (status == MTP_E_NOMEM && !text && !bundle));
        failed += status == MTP_E_NOMEM;
        mtp_text_free(text);
        mtp_bundle_free(bundle);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(failed > 20);
    mtp_request_free(request);
    mtp_table_free(table);
}

#endif
