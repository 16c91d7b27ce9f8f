using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Actors.Support;
using Npgsql;

namespace Actors.Bench.Http;

/// <summary>What takes part: a durable Postgres server, the service on it, and what the service is compared with.</summary>
internal sealed class HttpStage : IAsyncDisposable
{
    private const int TouchConnections = 4;
    private const string ServiceProgram = "Actors.Api.dll";

    private readonly OwnServer _postgres;
    private readonly string _dataFolder;
    private readonly List<ServerProcess> _servers = [];
    private readonly HttpClient _client = new();

    private HttpStage(OwnServer postgres, Pgbench pgbench)
    {
        (_postgres, Pgbench) = (postgres, pgbench);
        _dataFolder = Path.Combine(postgres.DataFolder, "service");
        Database = NpgsqlDataSource.Create(postgres.ConnectionString);
    }

    /// <summary>The service's database.</summary>
    public NpgsqlDataSource Database { get; }

    public Pgbench Pgbench { get; }

    public ServerProcess Service { get; private set; } = null!;

    /// <summary>The key that opens the service and the endpoint.</summary>
    public string Key { get; private set; } = "";

    public static async Task<HttpStage> StartAsync()
    {
        Progress.Show("Starting Postgres and the service");
        var postgres = await OwnServer.StartAsync();
        var stage = new HttpStage(postgres, await Pgbench.FindAsync(postgres.ConnectionString, Path.Combine(postgres.DataFolder, "pgbench")));
        try
        {
            stage._servers.AddRange(await BenchHost.StartAsync(stage.Database, postgres.ConnectionString, stage._dataFolder));
            stage.Service = await ServerProcess.StartAsync(ServiceProgram, [], stage._dataFolder, postgres.ConnectionString);
            stage._servers.Add(stage.Service);
            stage.Key = await ReadKeyAsync(stage._dataFolder);
            stage._client.BaseAddress = new Uri($"http://{stage.Service.Address}");
            stage._client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stage.Key);
            await stage.ExecuteAsync("create schema bench");
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another service on a database of its own.</summary>
    /// <param name="name">What to call the database.</param>
    /// <param name="settings">Its settings as arguments.</param>
    public async Task<OtherService> StartServiceAsync(string name, params string[] settings)
    {
        Progress.Show($"Starting the service {name}");
        await ExecuteAsync($"create database {name}");
        var connectionString = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = name }.ConnectionString;
        var folder = Path.Combine(_dataFolder, name);
        var server = await ServerProcess.StartAsync(ServiceProgram, settings, folder, connectionString);
        _servers.Add(server);
        return new OtherService(server.Address, await ReadKeyAsync(folder), NpgsqlDataSource.Create(connectionString));
    }

    /// <summary>Starts <see cref="RecallEndpoint"/>.</summary>
    /// <param name="answers">Its answers by their names.</param>
    public async Task<ServerProcess> StartEndpointAsync(IReadOnlyDictionary<string, byte[]> answers)
    {
        Progress.Show("Starting the endpoint that recall is compared with");
        var folder = Directory.CreateDirectory(Path.Combine(_dataFolder, "answers")).FullName;
        foreach (var (name, body) in answers)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, name), body);
        }

        var database = await BenchHost.EndpointDatabaseAsync(Database, _postgres.ConnectionString);
        var endpoint = await ServerProcess.StartAsync(
            "Actors.Bench.dll", [RecallEndpoint.Command, $"--{RecallEndpoint.AnswersKey}", folder], _dataFolder, database);
        _servers.Add(endpoint);
        return endpoint;
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await _client.PostAsJsonAsync(path, body);
        return await EnsureSuccess(response).Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<byte[]> GetAsync(string path)
    {
        using var response = await _client.GetAsync(path);
        return await EnsureSuccess(response).Content.ReadAsByteArrayAsync();
    }

    /// <summary>Has clients read into memory.</summary>
    /// <param name="questions">One of each client at least.</param>
    public async Task TouchAsync(IReadOnlyCollection<(string ClientId, string Text)> questions)
    {
        Progress.Show($"Asking {questions.Count:N0} clients for the first time");
        await HttpLoad.RunToEndAsync(Service.Address, FirstRecalls.Load(TouchConnections, Key, questions));
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public ProcessorTime ReadProcessorTime() => ProcessorTime.Read(_servers.Select(server => server.ProcessId), _postgres.ProcessId);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _client.Dispose();
        await Database.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private static async Task<string> ReadKeyAsync(string dataFolder) => (await File.ReadAllTextAsync(Path.Combine(dataFolder, "admin.key"))).Trim();

    private static HttpResponseMessage EnsureSuccess(HttpResponseMessage response) =>
        response.IsSuccessStatusCode ? response : throw new InvalidDataException($"{response.RequestMessage!.RequestUri} answered {response.StatusCode}.");
}

/// <summary>A service beside the one that is measured, with other settings.</summary>
internal sealed record OtherService(IPEndPoint Address, string Key, NpgsqlDataSource Database) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
