/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_COMPLAINT_H
#define MTP_TABLE_COMPLAINT_H

#include <stddef.h>

/**
 * Say why a cell that is neither missing nor a number is not one, and what would fix
 * it:
 * `"12%" is not a number: ...`. Never fails; cut to size bytes at a code point or not.
 *
 * @param decimal  the table's decimal mark, '.' or ','
 */
void mtp_number_complaint(const char *cell, char decimal, char *message, size_t size);

#endif
