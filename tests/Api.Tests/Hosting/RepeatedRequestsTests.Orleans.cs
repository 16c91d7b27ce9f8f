using Actors.Hosting;
using Actors.Idempotency;
using Actors.Sessions;
using Actors.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Api.Tests.Hosting;

/// <summary>A request whose silo went is carried out again when that is safe, and only then.</summary>
public class RepeatedRequestsTests
{
    private const string Body = """{"content":"once"}""";

    private readonly ManualTimeProvider _clock = new();
    private readonly List<string> _bodies = [];

    [Theory]
    [InlineData("GET", false, false)]
    [InlineData("POST", true, false)]
    [InlineData("POST", false, true)]
    public async Task reads_and_writes_with_a_key_are_repeated_with_their_whole_body(string method, bool isRead, bool hasKey)
    {
        await RunAsync(method, isRead, hasKey, failures: 2, () => new SiloLostException());
        Assert.Equal([Body, Body, Body], _bodies);
    }

    // Only POST is recognised by its key.
    [Theory]
    [InlineData("POST", false)]
    [InlineData("DELETE", true)]
    [InlineData("PATCH", true)]
    public async Task a_write_that_would_not_be_recognised_is_not_repeated(string method, bool hasKey)
    {
        await Assert.ThrowsAsync<SiloLostException>(() => RunAsync(method, isRead: false, hasKey, failures: 1, () => new SiloLostException()));
        Assert.Single(_bodies);
    }

    [Fact]
    public async Task a_silo_that_may_not_write_any_more_is_given_up_for_the_next_one()
    {
        await RunAsync("POST", isRead: false, hasKey: true, failures: 1, () => new WritesSuspendedException("dead", isServedElsewhere: true));
        Assert.Equal(2, _bodies.Count);
    }

    [Fact]
    public async Task what_no_other_silo_would_do_better_is_not_repeated()
    {
        foreach (var failure in new Exception[]
        {
            new NotHostedException("none"), new TimeoutException(), new InvalidOperationException(), new LimitExceededException("queue", 1, 1, ""),
            new WritesSuspendedException("the lock is lost"),
        })
        {
            _bodies.Clear();
            await Assert.ThrowsAsync(failure.GetType(), () => RunAsync("GET", isRead: true, hasKey: false, failures: 1, () => failure));
            Assert.Single(_bodies);
        }
    }

    [Fact]
    public async Task what_an_earlier_attempt_may_have_done_stays_in_doubt_when_a_later_one_did_nothing()
    {
        var outcomes = new Queue<Exception>([new SiloLostException(), new NotHostedException("none")]);
        await Assert.ThrowsAsync<SiloLostException>(() => RunAsync("POST", isRead: false, hasKey: true, failures: 2, outcomes.Dequeue));
        Assert.Equal(2, _bodies.Count);
    }

    [Fact]
    public async Task an_answer_settles_what_was_in_doubt()
    {
        var outcomes = new Queue<Exception>([new SiloLostException(), new MemoryRefusedException("unknown_run", "refused")]);
        await Assert.ThrowsAsync<MemoryRefusedException>(() => RunAsync("POST", isRead: false, hasKey: true, failures: 2, outcomes.Dequeue));
    }

    [Fact]
    public async Task after_some_seconds_the_client_hears_of_it()
    {
        var start = _clock.GetUtcNow();
        await Assert.ThrowsAsync<SiloLostException>(() => RunAsync("GET", isRead: true, hasKey: false, failures: int.MaxValue, () => new SiloLostException()));
        Assert.InRange(_clock.GetUtcNow() - start, RepeatedRequests.Patience - TimeSpan.FromSeconds(2), RepeatedRequests.Patience);
        Assert.InRange(_bodies.Count, 10, 20);
    }

    private async Task RunAsync(string method, bool isRead, bool hasKey, int failures, Func<Exception> failure)
    {
        var requests = new RepeatedRequests(NextAsync, _clock, NullLogger<RepeatedRequests>.Instance);
        var context = new DefaultHttpContext { Request = { Method = method, Body = new OnceStream(Body) } };
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(isRead ? [new ReadsOnly()] : []), null));
        if (hasKey)
        {
            context.Request.Headers[IdempotentWrites.Header] = "key";
        }

        if (HttpMethods.IsGet(method))
        {
            context.Request.Body = Stream.Null;
        }

        var running = requests.InvokeAsync(context);
        while (!running.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await running;

        async Task NextAsync(HttpContext http)
        {
            using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
            var body = await reader.ReadToEndAsync();
            _bodies.Add(HttpMethods.IsGet(method) ? Body : body);
            if (failures-- > 0)
            {
                throw failure();
            }
        }
    }

    // As a request's body comes from the network: read once, and gone.
    private sealed class OnceStream(string text) : MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))
    {
        public override bool CanSeek => false;
    }
}
