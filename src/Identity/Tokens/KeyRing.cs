using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Xiangyun.Kernel;
using Xiangyun.Store;
using Xiangyun.Store.Settings;

namespace Xiangyun.Identity.Tokens;

/// <summary>Data Protection's keys (rotated every 90 days by it), kept in the database so that all servers share them.</summary>
internal sealed class KeyRing(Database database) : IXmlRepository
{
    private const string Prefix = "dataprotection:";

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(() => database.Read(q => Settings.StartingWith(q, Prefix))).GetAwaiter().GetResult().Values.Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() => database.Write(Actor.System, tx => Settings.Set(tx, Prefix + friendlyName, element.ToString(SaveOptions.DisableFormatting)))).GetAwaiter().GetResult();
}
