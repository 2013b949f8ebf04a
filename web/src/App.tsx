import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { SignIn } from './pages/SignIn';
import { useSession } from './session';
import { Shell } from './shell/Shell';
import { Empty, ProblemView, Shades } from './ui/ui';

const Home = lazy(() => import('./pages/Home'));
const Inventory = lazy(() => import('./pages/Inventory'));
const Level = lazy(() => import('./pages/Level'));
const Orders = lazy(() => import('./pages/Orders'));
const Board = lazy(() => import('./pages/fulfillment/Board'));
const Fo = lazy(() => import('./pages/fulfillment/Fo'));
const Picking = lazy(() => import('./pages/fulfillment/Picking'));
const Walk = lazy(() => import('./pages/fulfillment/Walk'));
const Pack = lazy(() => import('./pages/fulfillment/Pack'));
const Tasks = lazy(() => import('./pages/Tasks'));
const Report = lazy(() => import('./pages/reports/Report'));
const Reports = lazy(() => import('./pages/reports/Reports'));
const Order = lazy(() => import('./pages/order/Order'));

export function App() {
  const { state, askAgain } = useSession();
  if (state.is === 'asking') return null;
  if (state.is === 'unreachable')
    return <ProblemView error={new Error('unreachable')} retry={askAgain} />;
  if (state.is === 'out') return <SignIn />;
  return (
    <Shell>
      <Suspense fallback={<Shades lines={8} />}>
        <Switch>
          <Route path="/">
            <Home />
          </Route>
          <Route path="/orders">
            <Orders />
          </Route>
          <Route path="/orders/:id">{({ id }) => <Order key={id} id={id} />}</Route>
          <Route path="/fulfillment">
            <Board />
          </Route>
          <Route path="/fulfillment/:id">{({ id }) => <Fo key={id} id={id} />}</Route>
          <Route path="/picking">
            <Picking />
          </Route>
          <Route path="/picking/:id">{({ id }) => <Walk key={id} id={id} />}</Route>
          <Route path="/packing/:id">{({ id }) => <Pack key={id} id={id} />}</Route>
          <Route path="/tasks">
            <Tasks />
          </Route>
          <Route path="/reports">
            <Reports />
          </Route>
          <Route path="/reports/:name">{({ name }) => <Report key={name} name={name} />}</Route>
          <Route path="/inventory">
            <Inventory />
          </Route>
          <Route path="/inventory/:sku/:location">
            {({ sku, location }) => (
              <Level key={`${sku} ${location}`} sku={sku} location={location} />
            )}
          </Route>
          <Route>
            <Empty title="There is no such page">
              <p>The address may be mistyped, or the page was moved.</p>
            </Empty>
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  );
}
