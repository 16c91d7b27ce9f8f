using System.Collections.Immutable;
using Actors.Access;
using Actors.Grains.Tests.Sessions;
using Actors.Storage;
using Actors.Work;

namespace Actors.Grains.Tests.Work;

public class WorkGrainTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private static readonly ClientVisibility All = new(default);

    private readonly string _client = fixture.NewClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IWorkGrain Work => WorkOf(_client);

    private IWorkQueryGrain Queries => fixture.Host.Grains.GetGrain<IWorkQueryGrain>(IWorkQueryGrain.Key);

    [Fact]
    public async Task of_32_parallel_changes_of_one_version_one_wins()
    {
        var task = await CreateAsync("draft");

        var changes = Enumerable.Range(0, 32).Select(i => Work.ChangeTaskAsync(task.Id, new TaskChange(Priority: i + 1), Version(task.UpdatedAt), Stop)).ToArray();
        await Task.WhenAll(changes.Select(change => Task.WhenAny(change)));

        var winner = await Assert.Single(changes, change => change.IsCompletedSuccessfully);
        Assert.All(changes.Where(change => change.IsFaulted), change => Assert.IsType<VersionMismatchException>(change.Exception!.InnerException));
        var found = (await Queries.FindTaskAsync(task.Id, All, Stop))!;
        Assert.Equal((winner.Priority, winner.UpdatedAt), (found.Priority, found.UpdatedAt));
        Assert.Equal("1", await fixture.Database.PsqlAsync(
            $"select count(*) from change_log where table_name = 'tasks' and row_id = '{task.Id}' and operation = 'update'"));
    }

    [Fact]
    public async Task an_edit_by_sql_makes_the_version_that_was_read_an_older_one()
    {
        var task = await CreateAsync("draft");
        await fixture.Database.PsqlAsync($"update tasks set owner = 'psql' where id = '{task.Id}'");

        await Assert.ThrowsAsync<VersionMismatchException>(() => Work.ChangeTaskAsync(task.Id, new TaskChange(Title: "other"), Version(task.UpdatedAt), Stop));
        await Assert.ThrowsAsync<VersionMismatchException>(() => Work.DeleteTaskAsync(task.Id, Version(task.UpdatedAt), Stop));

        var read = (await Queries.FindTaskAsync(task.Id, All, Stop))!;
        Assert.Equal(("draft", "psql"), (read.Title, read.Owner));
        var changed = await Work.ChangeTaskAsync(task.Id, new TaskChange(Title: "other"), Version(task.UpdatedAt, read.UpdatedAt), Stop);
        Assert.Equal(("other", "psql"), (changed.Title, changed.Owner));
        Assert.Equal(changed.UpdatedAt, (await Work.ChangeTaskAsync(task.Id, new TaskChange(Title: "other"), Version(changed.UpdatedAt), Stop)).UpdatedAt);
    }

    [Fact]
    public async Task a_task_is_deleted_while_an_operator_edits_one_that_depends_on_it()
    {
        var first = await CreateAsync("first");
        var second = await Work.CreateTaskAsync(NewTask.Of("second") with { DependsOn = [first.Id] }, Stop);
        await using var connection = await fixture.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await RunAsync(connection, $"select from tasks where id = '{second.Id}' for update");

        var deletion = Work.DeleteTaskAsync(first.Id, expected: null, Stop);
        await fixture.Database.LockAwaitedAsync();
        // Wants the client's row in session_heads, which the deletion must not have by now.
        await RunAsync(connection, $"update tasks set title = 'edited' where id = '{second.Id}'");
        await transaction.CommitAsync(Stop);
        await deletion;

        var found = (await Queries.FindTaskAsync(second.Id, All, Stop))!;
        Assert.Equal(("edited", 0), (found.Title, found.DependsOn.Length));
    }

    [Fact]
    public async Task a_task_that_is_deleted_leaves_those_that_depend_on_it()
    {
        var (first, second) = (await CreateAsync("first"), await CreateAsync("second"));
        var third = await Work.CreateTaskAsync(NewTask.Of("third") with { DependsOn = [first.Id, second.Id] }, Stop);
        Assert.Equal([first.Id, second.Id], third.DependsOn);

        await Work.DeleteTaskAsync(first.Id, expected: null, Stop);

        Assert.Equal([second.Id], (await Queries.FindTaskAsync(third.Id, All, Stop))!.DependsOn);
        await Assert.ThrowsAsync<VersionMismatchException>(() => Work.ChangeTaskAsync(third.Id, new TaskChange(Priority: 1), Version(third.UpdatedAt), Stop));
        await Assert.ThrowsAsync<WorkNotFoundException>(() => Work.DeleteTaskAsync(first.Id, expected: null, Stop));
    }

    [Fact]
    public async Task while_a_task_is_deleted_others_cannot_come_to_depend_on_it()
    {
        var (first, second) = (await CreateAsync("first"), await CreateAsync("second"));

        var created = Enumerable.Range(0, 8).Select(i => Work.CreateTaskAsync(NewTask.Of($"{i}") with { DependsOn = [first.Id] }, Stop)).ToArray();
        var changed = Work.ChangeTaskAsync(second.Id, new TaskChange(DependsOn: [first.Id]), expected: null, Stop);
        var deleted = Work.DeleteTaskAsync(first.Id, expected: null, Stop);
        await Task.WhenAll(created.Append(changed).Select(write => Task.WhenAny(write)));
        await deleted;

        Assert.All(created.Append(changed).Where(write => write.IsFaulted), write => Assert.Equal("no_such_task", Assert.IsType<WorkRefusedException>(write.Exception!.InnerException).Code));
        Assert.Equal("0", await fixture.Database.PsqlAsync($"select count(*) from tasks where '{first.Id}' = any (depends_on)"));
    }

    [Fact]
    public async Task tasks_cannot_depend_on_each_other()
    {
        var first = await CreateAsync("first");
        var second = await Work.CreateTaskAsync(NewTask.Of("second") with { DependsOn = [first.Id] }, Stop);
        var third = await Work.CreateTaskAsync(NewTask.Of("third") with { DependsOn = [second.Id] }, Stop);

        foreach (var id in (Guid[])[first.Id, second.Id, third.Id])
        {
            Assert.Equal("tasks_depend_on_each_other", await RefusalAsync(() => Work.ChangeTaskAsync(first.Id, new TaskChange(DependsOn: [id]), expected: null, Stop)));
        }

        Assert.Empty((await Queries.FindTaskAsync(first.Id, All, Stop))!.DependsOn);
        await Work.ChangeTaskAsync(third.Id, new TaskChange(DependsOn: [first.Id, second.Id]), expected: null, Stop);
    }

    [Fact]
    public async Task work_names_only_what_is_the_clients_own()
    {
        var other = WorkOf(fixture.NewClient());
        var (theirs, project) = (await other.CreateTaskAsync(NewTask.Of("theirs"), Stop), await other.CreateProjectAsync(new NewProject("theirs"), Stop));
        var mine = await CreateAsync("mine");

        foreach (var id in (Guid[])[project.Id, Guid.NewGuid()])
        {
            Assert.Equal("no_such_project", await RefusalAsync(() => Work.CreateTaskAsync(NewTask.Of("mine") with { ProjectId = id }, Stop)));
            Assert.Equal("no_such_project", await RefusalAsync(() => Work.ChangeTaskAsync(mine.Id, new TaskChange(ProjectId: new(id)), expected: null, Stop)));
        }

        foreach (var id in (Guid[])[theirs.Id, Guid.NewGuid()])
        {
            Assert.Equal("no_such_task", await RefusalAsync(() => Work.CreateTaskAsync(NewTask.Of("mine") with { DependsOn = [id] }, Stop)));
            Assert.Equal("no_such_task", await RefusalAsync(() => Work.ChangeTaskAsync(mine.Id, new TaskChange(DependsOn: [id]), expected: null, Stop)));
        }

        await Assert.ThrowsAsync<WorkNotFoundException>(() => Work.ChangeTaskAsync(theirs.Id, new TaskChange("mine"), expected: null, Stop));
        await Assert.ThrowsAsync<WorkNotFoundException>(() => Work.DeleteProjectAsync(project.Id, expected: null, Stop));
        Assert.Equal("1|1", await fixture.Database.PsqlAsync(
            $"select (select count(*) from tasks where client_id = '{_client}'), (select count(*) from projects where id = '{project.Id}')"));
    }

    [Fact]
    public async Task a_project_that_is_deleted_leaves_its_tasks()
    {
        var project = await Work.CreateProjectAsync(new NewProject("audit"), Stop);
        var task = await Work.CreateTaskAsync(NewTask.Of("draft") with { ProjectId = project.Id }, Stop);
        var changed = await Work.ChangeProjectAsync(project.Id, new ProjectChange(IsBillable: false), Version(project.UpdatedAt), Stop);
        await Assert.ThrowsAsync<VersionMismatchException>(() => Work.DeleteProjectAsync(project.Id, Version(project.UpdatedAt), Stop));

        await Work.DeleteProjectAsync(project.Id, Version(changed.UpdatedAt), Stop);

        Assert.Null((await Queries.FindTaskAsync(task.Id, All, Stop))!.ProjectId);
    }

    [Fact]
    public async Task a_slot_ends_after_it_starts()
    {
        var start = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
        foreach (var end in (DateTimeOffset[])[start, start.AddHours(-1), start.AddTicks(1)])
        {
            Assert.Equal(
                "scheduled_start_not_before_end",
                await RefusalAsync(() => Work.CreateTaskAsync(NewTask.Of("a") with { ScheduledStartAt = start, ScheduledEndAt = end }, Stop)));
        }

        var task = await Work.CreateTaskAsync(NewTask.Of("a") with { ScheduledEndAt = start }, Stop);
        Assert.Equal(
            "scheduled_start_not_before_end", await RefusalAsync(() => Work.ChangeTaskAsync(task.Id, new TaskChange(ScheduledStartAt: new(start)), expected: null, Stop)));
    }

    [Fact]
    public async Task a_client_has_one_sprint_a_week_and_so_has_the_house()
    {
        var week = SprintWeek.Parse("2026-W48")!;
        foreach (var client in (string?[])[_client, null])
        {
            var work = WorkOf(client);
            var sprint = await work.CreateSprintAsync(new NewSprint(week), Stop);
            Assert.Equal((client, "2026-W48", 0m), (sprint.ClientId, sprint.Name, sprint.CapacityHours));
            await Assert.ThrowsAsync<SprintExistsException>(() => work.CreateSprintAsync(new NewSprint(week, "another"), Stop));

            sprint = await work.ChangeSprintAsync(week, new SprintChange("report", CapacityHours: 30), Version(sprint.UpdatedAt), Stop);
            Assert.Equal(sprint, await Queries.FindSprintAsync(client, week, Stop));
            await work.DeleteSprintAsync(week, Version(sprint.UpdatedAt), Stop);
            await Assert.ThrowsAsync<WorkNotFoundException>(() => work.DeleteSprintAsync(week, expected: null, Stop));
        }
    }

    private static ExpectedVersions Version(params ImmutableArray<DateTimeOffset> versions) => new(versions);

    private static async Task<string> RefusalAsync(Func<Task> write) => (await Assert.ThrowsAsync<WorkRefusedException>(write)).Code;

    private Task<TaskRecord> CreateAsync(string title) => Work.CreateTaskAsync(NewTask.Of(title), Stop);

    private IWorkGrain WorkOf(string? client) => fixture.Host.Grains.GetGrain<IWorkGrain>(IWorkGrain.KeyOf(client));

    private static async Task RunAsync(Npgsql.NpgsqlConnection connection, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
