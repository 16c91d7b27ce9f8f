using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Actors.Support;
using Npgsql;

namespace Actors.Api.Tests.Sessions;

/// <summary>A client whose memories take longer to read than a request waits.</summary>
public sealed class SessionLoadingTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("loading-test-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task a_request_that_waited_long_enough_is_told_when_to_come_again()
    {
        await using var database = await TestPostgres.CreateAsync();
        await database.PsqlAsync("insert into events (client_id, content) values ('large', 'kettle')");
        var patient = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c lock_timeout=0" };
        await using var service = await ServiceProcess.StartAsync(
            _data.FullName, "--postgres", patient.ConnectionString, "--Sessions:LoadWait", "00:00:00.050");
        await using var blocker = await database.DataSource.OpenConnectionAsync(Stop);
        await using (var transaction = await blocker.BeginTransactionAsync(Stop))
        {
            await using var hold = new NpgsqlCommand("lock table events in access exclusive mode", blocker);
            await hold.ExecuteNonQueryAsync(Stop);

            await AssertLoadingAsync(await RecallAsync(service));
            await AssertLoadingAsync(await service.Client.PostAsJsonAsync("/api/v1/memory/remember", new { client_id = "large", content = "lid" }, Stop));
        }

        // As soon as nothing is in its way the session is read, within one wait or a few.
        var answer = await RecallAsync(service);
        while (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            await AssertLoadingAsync(answer);
            answer = await RecallAsync(service);
        }

        Assert.Single((await answer.Content.ReadFromJsonAsync<JsonObject>(Stop))!["results"]!.AsArray());
    }

    private static Task<HttpResponseMessage> RecallAsync(ServiceProcess service) =>
        service.Client.GetAsync("/api/v1/memory/recall?client_id=large&query=kettle", Stop);

    private static async Task AssertLoadingAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
            var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Stop);
            Assert.Equal("session_loading", (string?)problem!["code"]);
            Assert.Null(problem["outcome_unknown"]);
        }
    }
}
