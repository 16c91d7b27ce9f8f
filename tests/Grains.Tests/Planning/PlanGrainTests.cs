using Actors.Access;
using Actors.Grains.Tests.Sessions;
using Actors.Storage;

namespace Actors.Planning.Tests;

public class PlanGrainTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private readonly Guid _id = Guid.CreateVersion7();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IPlanGrain Plan => fixture.Host.Grains.GetGrain<IPlanGrain>(IPlanGrain.KeyOf(_id));

    [Fact]
    public async Task of_32_parallel_makings_of_tasks_one_makes_them()
    {
        var client = fixture.NewClient();
        await CreateAsync(client);

        var makings = Enumerable.Range(0, 32).Select(_ => Plan.CreateTasksAsync(new NewPlanTasks(), Stop)).ToArray();
        await Task.WhenAll(makings.Select(making => Task.WhenAny(making)));

        var made = await Assert.Single(makings, making => making.IsCompletedSuccessfully);
        Assert.All(makings.Where(making => making.IsFaulted), making => Assert.Equal("plan_has_tasks", Assert.IsType<PlanStateException>(making.Exception!.InnerException).Code));
        Assert.Equal(PlanStatus.Approved, made.Plan.Status);
        Assert.Equal($"{made.Tasks.Length}|1", await fixture.Database.PsqlAsync(
            $"""
            select (select count(*) from tasks where plan_id = '{_id}'),
                   (select count(*) from change_log where table_name = 'plans' and row_id = '{_id}' and operation = 'update')
            """));
    }

    [Fact]
    public async Task of_parallel_changes_that_name_one_version_one_is_made()
    {
        var plan = await CreateAsync(fixture.NewClient());
        var expected = new ExpectedVersions([plan.UpdatedAt]);

        var changes = Enumerable.Range(0, 16).Select(i => Plan.ChangeAsync(new PlanChange($"title {i}"), expected, Stop)).ToArray();
        await Task.WhenAll(changes.Select(change => Task.WhenAny(change)));

        var changed = await Assert.Single(changes, change => change.IsCompletedSuccessfully);
        Assert.All(changes.Where(change => change.IsFaulted), change => Assert.IsType<VersionMismatchException>(change.Exception!.InnerException));
        Assert.Equal(changed.Title, await fixture.Database.PsqlAsync($"select title from plans where id = '{_id}'"));
    }

    [Fact]
    public async Task what_is_refused_leaves_nothing_behind()
    {
        var client = fixture.NewClient();
        await CreateAsync(client);

        await Assert.ThrowsAsync<Work.WorkRefusedException>(() => Plan.CreateTasksAsync(new NewPlanTasks(Guid.NewGuid()), Stop));
        await fixture.Database.PsqlAsync($$"""update plans set sop = '{"checklist":[{"title":"a","dependencies":[2]},{"title":"b","dependencies":[1]}]}' where id = '{{_id}}'""");
        var circle = await Assert.ThrowsAsync<PlanRefusedException>(() => Plan.CreateTasksAsync(new NewPlanTasks(), Stop));

        Assert.Equal("steps_depend_on_each_other", circle.Code);
        Assert.Equal("draft||0", await fixture.Database.PsqlAsync($"select status, tasks_created_at, (select count(*) from tasks where plan_id = p.id) from plans p where id = '{_id}'"));
    }

    [Fact]
    public async Task a_project_is_deleted_while_tasks_are_made_for_it()
    {
        var client = fixture.NewClient();
        await CreateAsync(client);
        var project = await fixture.Host.Grains.GetGrain<Work.IWorkGrain>(Sessions.SessionKey.Of(client)).CreateProjectAsync(
            new Work.NewProject("p", null, IsBillable: true, Work.ProjectStatus.Active), Stop);
        await using var connection = await fixture.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await RunAsync(connection, $"select from projects where id = '{project.Id}' for update");

        var making = Plan.CreateTasksAsync(new NewPlanTasks(project.Id), Stop);
        await fixture.Database.LockAwaitedAsync();
        // Wants the client's row in session_heads, which the making must not have by now.
        await RunAsync(connection, $"delete from projects where id = '{project.Id}'");
        await transaction.CommitAsync(Stop);

        Assert.Equal("no_such_project", (await Assert.ThrowsAsync<Work.WorkRefusedException>(() => making)).Code);
        Assert.Equal("draft", await fixture.Database.PsqlAsync($"select status from plans where id = '{_id}'"));
    }

    private static async Task RunAsync(Npgsql.NpgsqlConnection connection, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private async Task<PlanRecord> CreateAsync(string client) =>
        (await Plan.CreateAsync(new NewPlan(client, "Teach the parrot to sing", null, null, "{}", new ClientVisibility([client])), Stop)).Plan;
}
