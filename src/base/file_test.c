/* file_test.c - parts of files, and how they get their names. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/testing.h"

static char dir[64], path[96], part[96];

static int setup(void **state)
{
    (void)snprintf(dir, sizeof dir, "/tmp/wharf-file-XXXXXX");
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/a", dir);
    (void)snprintf(part, sizeof part, "%s/a.part", dir);
    return test_setup(state);
}

static int teardown(void **state)
{
    (void)unlink(path);
    (void)unlink(part);
    assert_int_equal(rmdir(dir), 0);
    return test_teardown(state);
}

static off_t size_of(const char *name)
{
    struct stat found;
    return stat(name, &found) == 0 ? found.st_size : -1;
}

static void a_part_gets_its_name_whole(void **state)
{
    (void)state;
    int fd;
    assert_int_equal(file_part_open(part, &fd), 0);
    assert_int_equal(write(fd, "abc", 3), 3);
    assert_int_equal(size_of(path), -1);
    assert_int_equal(file_name_new(part, path), 0);
    assert_int_equal(file_sync_folder(path), 0);
    close(fd);
    assert_int_equal(size_of(path), 3);
    assert_int_equal(size_of(part), -1);
}

static void a_name_that_is_taken_is_not_replaced(void **state)
{
    (void)state;
    int fd;
    close(open(path, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(file_part_open(part, &fd), 0);
    assert_int_equal(write(fd, "abc", 3), 3);
    assert_int_equal(file_name_new(part, path), EEXIST);
    close(fd);
    assert_int_equal(size_of(path), 0);
    assert_int_equal(size_of(part), 3);
}

static void a_part_belongs_to_one_at_a_time(void **state)
{
    (void)state;
    int fd, other;
    assert_int_equal(file_part_open(part, &fd), 0);
    assert_int_equal(write(fd, "abc", 3), 3);
    assert_int_equal(file_part_open(part, &other), EWOULDBLOCK);
    assert_int_equal(size_of(part), 3);
    close(fd);
    /* As one that was killed left it. */
    assert_int_equal(file_part_open(part, &other), 0);
    assert_int_equal(size_of(part), 0);
    close(other);
}

static void what_a_part_leads_to_is_not_touched(void **state)
{
    (void)state;
    struct stat found;
    int fd = open(path, O_CREAT | O_WRONLY, 0644);
    assert_int_equal(write(fd, "abc", 3), 3);
    close(fd);
    assert_int_equal(symlink(path, part), 0);
    assert_int_equal(file_part_open(part, &fd), ELOOP);
    assert_int_equal(unlink(part), 0);
    assert_int_equal(link(path, part), 0);
    assert_int_equal(file_part_open(part, &fd), 0);
    assert_int_equal(fstat(fd, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_int_equal(size_of(path), 3);
    close(fd);
}

int main(int argc, char **argv)
{
#define DIR_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        DIR_TEST(a_part_gets_its_name_whole),
        DIR_TEST(a_name_that_is_taken_is_not_replaced),
        DIR_TEST(a_part_belongs_to_one_at_a_time),
        DIR_TEST(what_a_part_leads_to_is_not_touched),
    };
    return RUN_TESTS(tests, argc, argv);
}
