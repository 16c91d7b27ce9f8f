using Actors.Support;

namespace Actors.Api.Tests.Planning;

/// <summary>The real service with a language model that is not one.</summary>
public sealed class LanguageModelFixture : IAsyncLifetime
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"llm-test-{Guid.NewGuid():N}");

    public FakeLanguageModel Model { get; private set; } = null!;

    public TestDatabase Database { get; private set; } = null!;

    public ServiceProcess Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Model = await FakeLanguageModel.StartAsync();
        Database = await TestPostgres.CreateAsync();
        Service = await ServiceProcess.StartAsync(
            _data, "--postgres", Database.ConnectionString, "--Llm:Endpoint", Model.Endpoint, "--Llm:Model", "fake-1", "--Llm:ApiKey", "sk-secret", "--Llm:Timeout", "00:00:03");
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Database.DisposeAsync();
        await Model.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
