using Actors.Embedded;
using Actors.Hosting.Tests.Grains;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Concurrency;

namespace Actors.Hosting.Tests;

/// <summary>What the host refuses at start. The bad grains are generic, so that no host finds them by itself.</summary>
public sealed class GrainCatalogueTests
{
    private interface IBad<T> : IGrainWithStringKey
    {
        Task DoAsync(T argument);
    }

    private interface IStreams<T> : IGrainWithStringKey
    {
        IAsyncEnumerable<T> Stream();
    }

    private interface INeverAnswers<T> : IGrainWithStringKey
    {
        [ResponseTimeout("00:00:00")]
        Task DoAsync(T argument);
    }

    private interface IIsGeneric<T> : IGrainWithStringKey
    {
        Task<TResult> DoAsync<TResult>(T argument);
    }

    [Fact]
    public void well_declared_grains_are_accepted() =>
        Assert.Equal(2, Build(typeof(TurnGrain), typeof(CallGrain), typeof(string)).Classes.Count);

    [Fact]
    public void an_interface_of_two_classes_is_refused() =>
        AssertFault("IBad`1 is implemented by both First`1 and Second`1; it must be by exactly one class.", typeof(First<int>), typeof(Second<int>));

    [Fact]
    public void two_classes_of_one_grain_type_are_refused() =>
        AssertFault("Named`1 and Named`1 have the same grain type named.", typeof(Named<int>), typeof(Named<string>));

    [Fact]
    public void a_response_timeout_that_is_none_is_refused() =>
        AssertFault("INeverAnswers`1.DoAsync has a response timeout of 00:00:00; it must be positive.", typeof(NeverAnswers<int>));

    [Fact]
    public void a_method_that_returns_no_task_is_refused() =>
        AssertFault("IStreams`1.Stream returns IAsyncEnumerable`1; it must return Task, Task<T>, ValueTask or ValueTask<T>.", typeof(Streams<int>));

    [Fact]
    public void a_generic_method_is_refused() =>
        AssertFault("IIsGeneric`1.DoAsync is generic; grain methods are not.", typeof(IsGeneric<int>));

    [Fact]
    public void a_concurrency_attribute_on_a_class_is_refused() =>
        AssertFault("Misplaced`1.DoAsync has [ReadOnly]; it belongs on the interface method.", typeof(Misplaced<int>));

    [Theory]
    [InlineData("ResponseTimeout is 00:00:00; it must be positive and at most 40 days.")]
    [InlineData("MaxQueuedRequests is 0; it must be at least 1.")]
    [InlineData("GrainAssemblies is empty.")]
    public void options_out_of_range_are_refused(string fault)
    {
        var options = new EmbeddedActorOptions { ResponseTimeout = TimeSpan.Zero, MaxQueuedRequests = 0 };

        Assert.Contains(fault, options.Faults());
    }

    private static GrainCatalogue Build(params Type[] types) => GrainCatalogue.Build(types, new EmbeddedActorOptions(), NullLogger.Instance);

    private static void AssertFault(string fault, params Type[] types) =>
        Assert.Contains(fault, Assert.Throws<InvalidOperationException>(() => Build(types)).Message, StringComparison.Ordinal);

    private sealed class First<T> : Grain, IBad<T>
    {
        public Task DoAsync(T argument) => Task.CompletedTask;
    }

    [GrainType("second")]
    private sealed class Second<T> : Grain, IBad<T>
    {
        public Task DoAsync(T argument) => Task.CompletedTask;
    }

    [GrainType("named")]
    private sealed class Named<T> : Grain, IBad<T>
    {
        public Task DoAsync(T argument) => Task.CompletedTask;
    }

    private sealed class Streams<T> : Grain, IStreams<T>
    {
        public async IAsyncEnumerable<T> Stream()
        {
            await Task.Yield();
            yield break;
        }
    }

    private sealed class NeverAnswers<T> : Grain, INeverAnswers<T>
    {
        public Task DoAsync(T argument) => Task.CompletedTask;
    }

    private sealed class IsGeneric<T> : Grain, IIsGeneric<T>
    {
        public Task<TResult> DoAsync<TResult>(T argument) => Task.FromResult<TResult>(default!);
    }

    private sealed class Misplaced<T> : Grain, IBad<T>
    {
        [ReadOnly]
        public Task DoAsync(T argument) => Task.CompletedTask;
    }
}
