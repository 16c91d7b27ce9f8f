using Actors.Access;
using Actors.Http;
using Actors.Idempotency;
using Actors.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Actors.Api.Tests.Access;

/// <summary>
/// The service as Program puts it together, in this process, with a clock that moves when told and with routes that are
/// there for tests: a page for browsers, and a write whose author forgot to say who may do it.
/// </summary>
public sealed class AccessHost : IAsyncLifetime
{
    public const string Page = "/test/page";
    public const string ForgottenWrite = "/test/forgotten";
    public const int DefaultPerMinute = 120;

    private readonly string _data = Path.Combine(Path.GetTempPath(), $"access-test-{Guid.NewGuid():N}");
    private WebApplication _app = null!;
    private TestDatabase _database = null!;
    private GrainHost _grains = null!;

    public ManualTimeProvider Clock { get; } = new();

    public HttpClient Admin { get; private set; } = null!;

    public TestDatabase Database => _database;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _grains = await GrainHost.StartAsync(_database, Clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Data"] = _data;
        builder.Configuration["Port"] = "0";
        builder.Configuration["Access:RequestsPerMinute"] = $"{DefaultPerMinute}";
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton(_grains.Grains);
        builder.AddHttp();
        builder.AddAccess();
        builder.Services.AddSingleton<IdempotentWrites>();
        _app = builder.Build();
        _app.UseHttp();
        _app.UseAccess();
        _app.MapAccess();
        _app.MapGet(Page, () => "for people").IsBrowserPage();
        _app.MapMethods(ForgottenWrite, ["POST", "PUT", "PATCH", "DELETE"], () => "written");
        await _app.StartAsync();

        Admin = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        Admin.DefaultRequestHeaders.Authorization = new("Bearer", AdminKeyFile.ReadOrCreate(_data));
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _app.DisposeAsync();
        await _grains.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
