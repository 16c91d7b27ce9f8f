namespace Actors.Access;

/// <summary>A key breaks a rule. Nothing was written; repeating does not help.</summary>
[GenerateSerializer, Alias("KeyRefusedException")]
public sealed class KeyRefusedException : Exception
{
    /// <param name="code">Stable code in snake_case, for example <c>too_many_keys</c>.</param>
    /// <param name="message">What is wrong and what to do, for people.</param>
    public KeyRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Stable code in snake_case.</summary>
    [Id(0)]
    public string Code { get; }
}
