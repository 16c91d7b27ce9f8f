using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Actors.Embedded;

/// <summary>One method of a grain interface: how it is admitted, how it is called, what its caller gets.</summary>
internal abstract class GrainMethod
{
    private readonly ILogger _log;

    protected GrainMethod(MethodInfo method, EmbeddedActorOptions options, ILogger log)
    {
        _log = log;
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        IsAlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsOneWay = method.IsDefined(typeof(OneWayAttribute));
        TimeoutMs = (long)(method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout ?? options.ResponseTimeout).TotalMilliseconds;
        TokenIndex = Array.FindIndex(method.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken));
        Invoke = Compile(method);
    }

    public string Name { get; }

    public bool IsReadOnly { get; }

    public bool IsAlwaysInterleave { get; }

    public bool IsOneWay { get; }

    /// <summary>Calls the method on the grain and gives its result as a task.</summary>
    public Func<object, object?[], Task?> Invoke { get; }

    protected long TimeoutMs { get; }

    protected int TokenIndex { get; }

    public static GrainMethod Create(MethodInfo method, EmbeddedActorOptions options, ILogger log)
    {
        var result = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(NoResult);
        var type = typeof(GrainMethod<>).MakeGenericType(result);
        return (GrainMethod)Activator.CreateInstance(type, method, options, log)!;
    }

    /// <summary>Sends a call. The result is of the method's return type.</summary>
    public abstract object Send(GrainProxy proxy, object?[] arguments);

    public void ReportIfOneWay(Exception exception)
    {
        if (IsOneWay)
        {
            _log.OneWayFailed(Name, exception);
        }
    }

    private static Func<object, object?[], Task?> Compile(MethodInfo method)
    {
        var instance = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var parameters = method.GetParameters().Select((parameter, index) =>
            Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(index)), parameter.ParameterType));
        Expression call = Expression.Call(Expression.Convert(instance, method.DeclaringType!), method, parameters);
        if (method.ReturnType.IsValueType)
        {
            call = Expression.Call(call, nameof(ValueTask.AsTask), null);
        }

        return Expression.Lambda<Func<object, object?[], Task?>>(Expression.Convert(call, typeof(Task)), instance, arguments).Compile();
    }
}

internal sealed class GrainMethod<TResult>(MethodInfo method, EmbeddedActorOptions options, ILogger log) : GrainMethod(method, options, log)
{
    private readonly bool _returnsValueTask = method.ReturnType.IsValueType;

    public override object Send(GrainProxy proxy, object?[] arguments)
    {
        var token = TokenIndex < 0 ? CancellationToken.None : (CancellationToken)arguments[TokenIndex]!;
        if (token.IsCancellationRequested)
        {
            return Wrap(Task.FromCanceled<TResult>(token));
        }

        var call = new Call<TResult>(this, arguments, RequestContext.Current)
        {
            Deadline = proxy.Runtime.Clock.DeadlineIn(TimeoutMs),
        };
        if (token.CanBeCanceled)
        {
            arguments[TokenIndex] = CallCancellation.Link(call, token).Token;
        }

        proxy.Send(call);
        return Wrap(IsOneWay ? Task.FromResult<TResult>(default!) : call.Task);
    }

    private object Wrap(Task<TResult> task) =>
        !_returnsValueTask ? task
        : typeof(TResult) == typeof(NoResult) ? new ValueTask(task)
        : new ValueTask<TResult>(task);
}
