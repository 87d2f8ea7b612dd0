//! The same article again, also when several replicas share the work.

use anyhow::Result;
use entente_messages::Stage;
use entente_tests::{Stack, articles, public};

#[tokio::test(flavor = "multi_thread")]
async fn an_article_sent_again_is_rejected_as_a_duplicate_by_any_replica() -> Result<()> {
    let mut stack = Stack::start().await?;
    for stage in Stage::ALL {
        stack.start_service(stage)?;
    }
    stack.wait_until_ready().await?;
    let jetstream = stack.jetstream().await?;
    for _ in 0..3 {
        for n in 0..20 {
            stack.send(&jetstream, articles::text(n)).await?;
        }
    }
    let changed = articles::json(3).replace("files of the ministry", "archive of the ministry");
    stack.send(&jetstream, articles::json(3)).await?;
    stack.send(&jetstream, changed).await?;
    let account = stack.settle(&jetstream, 20).await?;
    let rejections = public::rejections(&jetstream).await?;
    let of = |code: &str| rejections.iter().filter(|rejection| rejection.code == code).count();
    assert_eq!((account.accepted, account.coded), (21, 21), "{account}");
    assert_eq!((of("duplicate"), of("id_reused"), rejections.len()), (40, 1, 41));
    assert!(rejections.iter().all(|rejection| rejection.field.as_deref() == Some("id")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_window_an_article_is_worked_again_and_its_events_are_absorbed() -> Result<()> {
    let stack = Stack::start_with(Default::default(), &[("ingest.duplicate_window_s", "0")]).await?;
    let jetstream = stack.jetstream().await?;
    stack.send(&jetstream, articles::text(1)).await?;
    stack.settle(&jetstream, 1).await?;
    let before = public::events(&jetstream).await?;
    stack.send(&jetstream, articles::text(1)).await?;
    let account = stack.settle(&jetstream, 1).await?;
    assert!(account.balances() && account.accepted == 1, "{account}");
    assert_eq!(public::events(&jetstream).await?, before);
    assert!(public::rejections(&jetstream).await?.is_empty());
    Ok(())
}
